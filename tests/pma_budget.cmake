# SPDX-License-Identifier: MIT
# Limits on memory and mappings, eviction, and arenas in very many pieces.
find_package(Threads REQUIRED)

pmacrash_test(NAME pma_budget LABEL unit SOURCES unit/pma_budget.c
              LIBRARIES pma_arena_support Threads::Threads)

# In memory: what counts is how many pieces there are, not the disk below. A million of them on request.
add_executable(test_arena_extents integration/arena_extents.c)
target_link_libraries(test_arena_extents PRIVATE pma_arena_support PkgConfig::CMOCKA)
set_target_properties(test_arena_extents PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_test(NAME integration/arena-extents COMMAND test_arena_extents 50000 2000)
add_test(NAME long/arena-extents COMMAND test_arena_extents 1000000)
set_tests_properties(integration/arena-extents PROPERTIES LABELS integration TIMEOUT 120)
set_tests_properties(long/arena-extents PROPERTIES LABELS long TIMEOUT 1200)
set_tests_properties(integration/arena-extents long/arena-extents PROPERTIES
                     ENVIRONMENT TMPDIR=/dev/shm SKIP_RETURN_CODE 77)
