# SPDX-License-Identifier: MIT
# The arena: its public calls, on real files.
add_library(pma_arena_support STATIC support/arena_game.c support/arena_game_heap.c
            support/arena_game_noun.c support/arena_game_pages.c support/arena_game_stack.c
            support/arena_game_view.c support/arena_place.c
            support/arena_range.c support/fault_plan.c support/view_scene.c)
target_include_directories(pma_arena_support PUBLIC support)
target_link_libraries(pma_arena_support PUBLIC pma_fault PRIVATE PkgConfig::CMOCKA PkgConfig::FIU)

foreach(subject full_disk handler life model move)
    pmacrash_test(NAME arena_${subject} LABEL unit SOURCES unit/arena_${subject}.c
                  LIBRARIES pma_arena_support)
endforeach()

pmacrash_test(NAME arena_failures LABEL fault SOURCES fault/arena_failures.c
              LIBRARIES pma_arena_support PkgConfig::FIU)

# Thousands of arenas: what counts here is which calls fail, not the disk below.
pmacrash_test(NAME arena_sweep LABEL fault TIMEOUT 300 SOURCES fault/arena_sweep.c
              LIBRARIES pma_arena_support)
set_tests_properties(fault/arena_sweep PROPERTIES ENVIRONMENT TMPDIR=/dev/shm)
add_test(NAME long/arena_sweep COMMAND test_arena_sweep)
set_tests_properties(long/arena_sweep PROPERTIES LABELS long TIMEOUT 7200
                     ENVIRONMENT "PMA_TEST_EACH_HIT=1;TMPDIR=/dev/shm")

add_executable(arena_snapshot_program support/arena_snapshot_program.c)
target_link_libraries(arena_snapshot_program PRIVATE pma_fault)
set_target_properties(arena_snapshot_program PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_test(NAME fault/arena_fiu_tools
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/fault/arena_fiu_tools.sh $<TARGET_FILE:arena_snapshot_program>)
set_tests_properties(fault/arena_fiu_tools PROPERTIES LABELS fault TIMEOUT 60)
