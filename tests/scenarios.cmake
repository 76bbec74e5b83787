# SPDX-License-Identifier: MIT
pmacrash_test(NAME scenario_suite LABEL unit SOURCES unit/scenario_suite.c LIBRARIES scenario)
target_compile_definitions(test_scenario_suite PRIVATE SUITES="${PROJECT_SOURCE_DIR}/scenarios/suites"
                           DOCUMENTATION="${PROJECT_SOURCE_DIR}/docs/scenarios.md")
pmacrash_test(NAME scenario_generate LABEL unit SOURCES unit/scenario_generate.c LIBRARIES scenario)
pmacrash_test(NAME scenario_suites LABEL integration SOURCES integration/scenario_suites.c support/house_suites.c LIBRARIES scenario)
target_include_directories(test_scenario_suites PRIVATE support)
target_compile_definitions(test_scenario_suites PRIVATE SUITES="${PROJECT_SOURCE_DIR}/scenarios/suites")
pmacrash_test(NAME scenario_ingest LABEL integration SOURCES integration/scenario_ingest.c LIBRARIES scenario)
pmacrash_test(NAME scenario_witness LABEL integration SOURCES integration/scenario_witness.c LIBRARIES scenario)
pmacrash_test(NAME scenario_nested LABEL integration SOURCES integration/scenario_nested.c support/house_suites.c LIBRARIES scenario)
target_include_directories(test_scenario_nested PRIVATE support)
target_compile_definitions(test_scenario_nested PRIVATE SUITES="${PROJECT_SOURCE_DIR}/scenarios/suites")
add_test(NAME integration/depth-2 COMMAND pmacrash run --depth 2 --quiet --db ${CMAKE_CURRENT_BINARY_DIR}/depth.db)
set_tests_properties(integration/depth-2 PROPERTIES LABELS integration TIMEOUT 300)
add_test(NAME integration/depth-2-against-brute
         COMMAND pmacrash run create first-snapshot --depth 2 --search compare --brute-limit 64 --copying eager --quiet
                 --db ${CMAKE_CURRENT_BINARY_DIR}/depth-compare.db)
set_tests_properties(integration/depth-2-against-brute PROPERTIES LABELS integration TIMEOUT 300)

# The lazy search against every crash state one by one: the crash points with few of them always, those with up to
# 4,096 when somebody asks for label `long`. The default limit, 65,536, takes hours.
add_test(NAME integration/lazy-against-brute
         COMMAND pmacrash run --search compare --copying eager --brute-limit 64 --quiet --db ${CMAKE_CURRENT_BINARY_DIR}/compare.db)
set_tests_properties(integration/lazy-against-brute PROPERTIES LABELS integration TIMEOUT 300)
add_test(NAME long/lazy-against-brute
         COMMAND pmacrash run --search compare --brute-limit 4096 --quiet --db ${CMAKE_CURRENT_BINARY_DIR}/compare-all.db)
set_tests_properties(long/lazy-against-brute PROPERTIES LABELS long TIMEOUT 14400)

# Versions at every store: all scenarios, and under the other models when somebody asks for label `long`.
if(PMACRASH_STORES)
    add_test(NAME integration/grain-store
             COMMAND pmacrash run --grain store --quiet --db ${CMAKE_CURRENT_BINARY_DIR}/grain.db)
    set_tests_properties(integration/grain-store PROPERTIES LABELS integration TIMEOUT 300)
    foreach(model process-kill torn)
        add_test(NAME long/grain-store-${model}
                 COMMAND pmacrash run --grain store --model ${model} --quiet --db ${CMAKE_CURRENT_BINARY_DIR}/grain-${model}.db)
        set_tests_properties(long/grain-store-${model} PROPERTIES LABELS long TIMEOUT 3600)
    endforeach()
endif()
