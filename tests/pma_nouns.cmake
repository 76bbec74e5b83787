# SPDX-License-Identifier: MIT
# Nouns: atoms and cells on a stack, the copier, nouns of the heap, jam and cue.
add_library(pma_noun_support STATIC support/noun_make.c)
target_link_libraries(pma_noun_support PUBLIC pma_stack_support PRIVATE PkgConfig::CMOCKA)

foreach(subject basics copy heap jam)
    pmacrash_test(NAME noun_${subject} LABEL unit SOURCES unit/noun_${subject}.c
                  LIBRARIES pma_noun_support)
endforeach()

pmacrash_test(NAME noun_failures LABEL fault SOURCES fault/noun_failures.c LIBRARIES pma_noun_support)
