# SPDX-License-Identifier: MIT
# Views and the previous snapshot.
foreach(subject views)
    pmacrash_test(NAME arena_${subject} LABEL unit SOURCES unit/arena_${subject}.c
                  LIBRARIES pma_arena_support)
endforeach()
