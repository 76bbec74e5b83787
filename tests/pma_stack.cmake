# SPDX-License-Identifier: MIT
# The 2stackz: its public calls, and from inside what a copier needs of it.
add_library(pma_stack_support STATIC support/stack_home.c)
target_link_libraries(pma_stack_support PUBLIC pma_arena_support PRIVATE PkgConfig::CMOCKA)
target_include_directories(pma_stack_support PUBLIC ${PROJECT_SOURCE_DIR}/pma/src)

foreach(subject frames full model pages preserve)
    pmacrash_test(NAME stack_${subject} LABEL unit SOURCES unit/stack_${subject}.c
                  LIBRARIES pma_stack_support)
endforeach()

pmacrash_test(NAME stack_failures LABEL fault SOURCES fault/stack_failures.c
              LIBRARIES pma_stack_support)
