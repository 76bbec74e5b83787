# SPDX-License-Identifier: MIT
# The offline checker, over arena files built by hand.
add_library(test_arena_image STATIC support/arena_image.c support/check_run.c)
target_include_directories(test_arena_image PUBLIC support ${PROJECT_SOURCE_DIR}/pma/src)
target_link_libraries(test_arena_image PUBLIC pma_fault)

pmacrash_test(NAME check_rules LABEL unit SOURCES unit/check_rules.c LIBRARIES test_arena_image)
target_compile_definitions(test_check_rules PRIVATE
                           INVARIANTS_MD="${PROJECT_SOURCE_DIR}/docs/invariants.md")

pmacrash_test(NAME check_walk LABEL unit SOURCES unit/check_walk.c LIBRARIES test_arena_image)
pmacrash_test(NAME check_damage LABEL unit SOURCES unit/check_damage.c LIBRARIES test_arena_image)
