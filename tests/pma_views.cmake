# SPDX-License-Identifier: MIT
# Views, the previous snapshot, and what a child of fork gets.
foreach(subject pma_pins pma_blocks_held arena_views arena_view_blocks arena_fork)
    pmacrash_test(NAME ${subject} LABEL unit SOURCES unit/${subject}.c
                  LIBRARIES pma_arena_support PkgConfig::FIU)
    target_include_directories(test_${subject} PRIVATE ${PROJECT_SOURCE_DIR}/pma/src)
endforeach()
