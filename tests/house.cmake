# SPDX-License-Identifier: MIT
# Rules of the house, checked.
add_test(NAME house/layers COMMAND ${PROJECT_SOURCE_DIR}/scripts/check-layers)
add_test(NAME house/layers-can-fail COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/layers_can_fail.sh ${PROJECT_SOURCE_DIR})
add_test(NAME house/bootstrap-twice COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/bootstrap_twice.sh ${PROJECT_SOURCE_DIR})
find_program(PMACRASH_CXX NAMES g++ c++ REQUIRED)
add_test(NAME house/headers-alone
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/headers_alone.sh ${PROJECT_SOURCE_DIR} ${CMAKE_C_COMPILER}
                 ${PMACRASH_CXX})
add_test(NAME house/no-fiu-in-libpma
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/no_fiu_symbol.sh $<TARGET_FILE:pma> $<TARGET_FILE:pma_shared>
                 $<TARGET_FILE:pma_fault>)
add_test(NAME house/fault-points-documented
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/fault_points_documented.sh ${PROJECT_SOURCE_DIR} $<TARGET_FILE:pmacrash>)
set_tests_properties(house/layers house/layers-can-fail house/bootstrap-twice house/headers-alone house/no-fiu-in-libpma
                     house/fault-points-documented PROPERTIES LABELS house TIMEOUT 60)
set_tests_properties(house/layers-can-fail PROPERTIES TIMEOUT 180)
add_test(NAME house/readme-example
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/readme_example.sh ${PROJECT_SOURCE_DIR} ${CMAKE_C_COMPILER}
                 $<TARGET_FILE:pma> $<TARGET_FILE:pma_tool>)
set_tests_properties(house/readme-example PROPERTIES LABELS house TIMEOUT 60 ENVIRONMENT "CFLAGS=${CMAKE_C_FLAGS}")
add_test(NAME house/installed
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/installed.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
                 ${CMAKE_C_COMPILER} ${PMACRASH_CXX})
add_test(NAME house/exported-symbols
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/exported_symbols.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
                 $<TARGET_FILE:pma_shared> $<TARGET_FILE:pma>)
add_test(NAME house/abi COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/abi.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
add_test(NAME house/version-once
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/version_once.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
                 $<TARGET_FILE:pma_tool> $<TARGET_FILE:pmacrash> $<TARGET_FILE:pma_shared>)
add_test(NAME house/package
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/package.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
                 ${CMAKE_C_COMPILER} ${PMACRASH_CXX})
set_tests_properties(house/installed house/exported-symbols house/abi house/version-once house/package
                     PROPERTIES LABELS house TIMEOUT 300 ENVIRONMENT "CFLAGS=${CMAKE_C_FLAGS}")
# Without debug information there is nothing to compare.
set_tests_properties(house/abi PROPERTIES SKIP_RETURN_CODE 3)
add_test(NAME house/guide-program
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/guide_program.sh ${PROJECT_SOURCE_DIR} ${CMAKE_C_COMPILER}
                 $<TARGET_FILE:pma> $<TARGET_FILE:pma_tool>)
set_tests_properties(house/guide-program PROPERTIES LABELS house TIMEOUT 60 ENVIRONMENT "CFLAGS=${CMAKE_C_FLAGS}")
add_test(NAME house/links COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/links.sh ${PROJECT_SOURCE_DIR})
set_tests_properties(house/links PROPERTIES LABELS house TIMEOUT 60)
add_test(NAME house/mutants-apply COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/mutants_apply.sh ${PROJECT_SOURCE_DIR})
set_tests_properties(house/mutants-apply PROPERTIES LABELS house TIMEOUT 300 SKIP_RETURN_CODE 3)
add_test(NAME long/mutants COMMAND ${PROJECT_SOURCE_DIR}/scripts/mutants)
set_tests_properties(long/mutants PROPERTIES LABELS long TIMEOUT 7200 SKIP_RETURN_CODE 3)
