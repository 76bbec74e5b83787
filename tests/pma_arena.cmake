# SPDX-License-Identifier: MIT
# The arena: its public calls, on real files.
add_library(pma_arena_support STATIC support/arena_game.c support/arena_place.c)
target_include_directories(pma_arena_support PUBLIC support)
target_link_libraries(pma_arena_support PUBLIC pma_fault PRIVATE PkgConfig::CMOCKA)

foreach(subject model)
    pmacrash_test(NAME arena_${subject} LABEL unit SOURCES unit/arena_${subject}.c
                  LIBRARIES pma_arena_support)
endforeach()
