# SPDX-License-Identifier: MIT
pmacrash_test(NAME scenario_suite LABEL unit SOURCES unit/scenario_suite.c LIBRARIES scenario)
target_compile_definitions(test_scenario_suite PRIVATE SUITES="${PROJECT_SOURCE_DIR}/scenarios/suites"
                           DOCUMENTATION="${PROJECT_SOURCE_DIR}/docs/scenarios.md")
pmacrash_test(NAME scenario_suites LABEL integration SOURCES integration/scenario_suites.c LIBRARIES scenario)
target_compile_definitions(test_scenario_suites PRIVATE SUITES="${PROJECT_SOURCE_DIR}/scenarios/suites")
pmacrash_test(NAME scenario_ingest LABEL integration SOURCES integration/scenario_ingest.c LIBRARIES scenario)
pmacrash_test(NAME scenario_suite_fuzz LABEL fuzz SOURCES fuzz/scenario_suite.c LIBRARIES scenario)
target_compile_definitions(test_scenario_suite_fuzz PRIVATE SUITES="${PROJECT_SOURCE_DIR}/scenarios/suites")
target_include_directories(test_scenario_suite_fuzz PRIVATE support)
