# SPDX-License-Identifier: MIT
# The persistent heap.
find_package(Threads REQUIRED)
add_library(pma_heap_support STATIC support/heap_game.c)
target_include_directories(pma_heap_support PUBLIC support)
target_link_libraries(pma_heap_support PUBLIC pma_arena_support PRIVATE PkgConfig::CMOCKA)

foreach(subject life model threads)
    pmacrash_test(NAME heap_${subject} LABEL unit SOURCES unit/heap_${subject}.c
                  LIBRARIES pma_heap_support Threads::Threads)
endforeach()

pmacrash_test(NAME heap_damage LABEL unit SOURCES unit/heap_damage.c
              LIBRARIES pma_heap_support test_arena_image)

pmacrash_test(NAME heap_sweep LABEL fault TIMEOUT 300 SOURCES fault/heap_sweep.c
              LIBRARIES pma_heap_support)
set_tests_properties(fault/heap_sweep PROPERTIES ENVIRONMENT TMPDIR=/dev/shm)
