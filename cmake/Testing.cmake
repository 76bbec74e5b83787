# SPDX-License-Identifier: MIT
# pmacrash_test(NAME name LABEL unit|fault|integration|cli|fuzz|long SOURCES a.c ... LIBRARIES target ...)
# adds a cmocka program and its ctest entry, with the time limit of its label.
function(pmacrash_test)
    cmake_parse_arguments(T "" "NAME;LABEL;TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 120)
    endif()
    add_executable(test_${T_NAME} ${T_SOURCES})
    target_link_libraries(test_${T_NAME} PRIVATE ${T_LIBRARIES} PkgConfig::CMOCKA)
    set_target_properties(test_${T_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    add_test(NAME ${T_LABEL}/${T_NAME} COMMAND test_${T_NAME})
    set_tests_properties(${T_LABEL}/${T_NAME} PROPERTIES LABELS ${T_LABEL} TIMEOUT ${T_TIMEOUT} SKIP_RETURN_CODE 77)
endfunction()
