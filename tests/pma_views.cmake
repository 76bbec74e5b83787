# SPDX-License-Identifier: MIT
# Views, the previous snapshot, and what a child of fork gets.
foreach(subject fork views)
    pmacrash_test(NAME arena_${subject} LABEL unit SOURCES unit/arena_${subject}.c
                  LIBRARIES pma_arena_support PkgConfig::FIU)
endforeach()
