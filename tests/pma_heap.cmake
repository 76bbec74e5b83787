# SPDX-License-Identifier: MIT
# The persistent heap, in both ways of copying.
find_package(Threads REQUIRED)
add_library(pma_heap_support STATIC support/heap_game.c)
target_include_directories(pma_heap_support PUBLIC support)
target_link_libraries(pma_heap_support PUBLIC pma_arena_support PRIVATE PkgConfig::CMOCKA)

foreach(subject life model threads)
    pmacrash_test(NAME heap_${subject} LABEL unit SOURCES unit/heap_${subject}.c
                  LIBRARIES pma_heap_support Threads::Threads)
    add_test(NAME unit/heap_${subject}-lazy COMMAND test_heap_${subject})
    set_tests_properties(unit/heap_${subject}-lazy PROPERTIES LABELS unit TIMEOUT 120 SKIP_RETURN_CODE 77
                         ENVIRONMENT PMA_TEST_COPYING=lazy)
endforeach()

target_include_directories(test_heap_threads PRIVATE ${PROJECT_SOURCE_DIR}/pma/src)
target_link_libraries(test_heap_threads PRIVATE PkgConfig::FIU)

pmacrash_test(NAME heap_damage LABEL unit SOURCES unit/heap_damage.c
              LIBRARIES pma_heap_support test_arena_image)

pmacrash_test(NAME heap_sweep LABEL fault TIMEOUT 300 SOURCES fault/heap_sweep.c
              LIBRARIES pma_heap_support)
add_test(NAME fault/heap_sweep-lazy COMMAND test_heap_sweep)
set_tests_properties(fault/heap_sweep PROPERTIES ENVIRONMENT TMPDIR=/dev/shm)
set_tests_properties(fault/heap_sweep-lazy PROPERTIES LABELS fault TIMEOUT 300
                     ENVIRONMENT "PMA_TEST_COPYING=lazy;TMPDIR=/dev/shm")
