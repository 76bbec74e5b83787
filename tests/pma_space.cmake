# SPDX-License-Identifier: MIT
# Growth, shrinking, copies and rejoined extents.
foreach(subject copy defragment shrink)
    pmacrash_test(NAME arena_${subject} LABEL unit SOURCES unit/arena_${subject}.c
                  LIBRARIES pma_arena_support)
endforeach()
