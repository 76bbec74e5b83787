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

add_executable(arena_image_tool support/arena_image_tool.c)
target_link_libraries(arena_image_tool PRIVATE test_arena_image)
set_target_properties(arena_image_tool PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

foreach(script pma_commands pma_bad_input)
    add_test(NAME cli/${script} COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/${script}.sh $<TARGET_FILE:pma_tool>
                                        $<TARGET_FILE:arena_image_tool>)
    set_tests_properties(cli/${script} PROPERTIES LABELS cli TIMEOUT 60)
endforeach()

pmacrash_test(NAME check_real_arena LABEL integration SOURCES integration/check_real_arena.c
              LIBRARIES pma_fault)
