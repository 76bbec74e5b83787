# SPDX-License-Identifier: MIT
# The persistent heap.
foreach(subject life)
    pmacrash_test(NAME heap_${subject} LABEL unit SOURCES unit/heap_${subject}.c
                  LIBRARIES pma_arena_support)
endforeach()
