# SPDX-License-Identifier: MIT
# Everything at random, beside a model of it: a few seconds always, a million operations on request.
add_executable(test_arena_random integration/arena_random.c support/forked_play.c)
target_link_libraries(test_arena_random PRIVATE pma_arena_support PkgConfig::CMOCKA)
set_target_properties(test_arena_random PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_test(NAME integration/arena-random COMMAND test_arena_random --operations 100000)
set_tests_properties(integration/arena-random PROPERTIES LABELS integration TIMEOUT 300 ENVIRONMENT TMPDIR=/dev/shm)
add_test(NAME long/arena-random COMMAND test_arena_random --operations 1000000)
set_tests_properties(long/arena-random PROPERTIES LABELS long TIMEOUT 7200)
