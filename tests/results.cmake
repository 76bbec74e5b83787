# SPDX-License-Identifier: MIT
# The results database and the SQL oracle.
add_library(test_results_scratch STATIC support/results_scratch.c support/running_arena.c)
target_link_libraries(test_results_scratch PUBLIC results PkgConfig::SQLITE PkgConfig::CMOCKA)

foreach(part database document dump golden maps names oracle query store)
    pmacrash_test(NAME results_${part} LABEL unit SOURCES unit/results_${part}.c LIBRARIES test_results_scratch)
endforeach()
target_compile_definitions(test_results_document PRIVATE RESULTS_MD="${PROJECT_SOURCE_DIR}/docs/results.md"
                                                         GOLDEN="${CMAKE_CURRENT_LIST_DIR}/golden")
target_compile_definitions(test_results_oracle PRIVATE INVARIANTS_MD="${PROJECT_SOURCE_DIR}/docs/invariants.md")
target_compile_definitions(test_results_golden PRIVATE GOLDEN="${CMAKE_CURRENT_LIST_DIR}/golden")
