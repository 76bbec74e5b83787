# SPDX-License-Identifier: MIT
# The pmacrash command: its parts, and the whole from outside.
foreach(part html message playmap pool text)
    pmacrash_test(NAME runner_${part} LABEL unit SOURCES unit/runner_${part}.c LIBRARIES runner)
endforeach()

target_sources(test_runner_playmap PRIVATE support/hand_trace.c)
target_include_directories(test_runner_playmap PRIVATE support)

# On a terminal: a pseudo terminal with libvterm behind it.
add_library(screen STATIC support/screen.c)
target_include_directories(screen PUBLIC support)
target_link_libraries(screen PUBLIC PkgConfig::VTERM PkgConfig::CMOCKA util)
pmacrash_test(NAME runner_display LABEL unit SOURCES unit/runner_display.c LIBRARIES runner screen)

# These take the programs that they type the names of as arguments.
foreach(program run_on_terminal shell_completion)
    add_executable(test_${program} integration/${program}.c)
    target_link_libraries(test_${program} PRIVATE screen)
    set_target_properties(test_${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
endforeach()
add_test(NAME cli/run-on-terminal COMMAND test_run_on_terminal $<TARGET_FILE:pmacrash>)
add_test(NAME cli/shell-completion COMMAND test_shell_completion $<TARGET_FILE_DIR:pmacrash>
                                           ${PROJECT_SOURCE_DIR}/scenarios/runner/completion)
set_tests_properties(cli/run-on-terminal cli/shell-completion PROPERTIES LABELS cli TIMEOUT 120)

foreach(what help errors run width kill violation recording shrink interrupt generate resume audit compare db report)
    set(arguments $<TARGET_FILE:pmacrash>)
    if(what MATCHES "compare|db")
        list(APPEND arguments ${CMAKE_CURRENT_LIST_DIR}/golden)
    elseif(what STREQUAL shrink)
        list(APPEND arguments $<TARGET_FILE:pma_tool>)
    elseif(what STREQUAL violation)
        list(APPEND arguments ${PROJECT_SOURCE_DIR}/results)
    endif()
    add_test(NAME cli/pmacrash-${what} COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_${what}.sh ${arguments})
    set_tests_properties(cli/pmacrash-${what} PROPERTIES LABELS cli TIMEOUT 120)
endforeach()

if(SCDOC)
    add_test(NAME cli/man-pages COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/man_pages.sh ${PROJECT_BINARY_DIR}/man
                                        ${PROJECT_SOURCE_DIR}/docs/man $<TARGET_FILE:pmacrash> $<TARGET_FILE:pma_tool>)
    set_tests_properties(cli/man-pages PROPERTIES LABELS cli TIMEOUT 60)
endif()

if(PMACRASH_STORES)
    add_test(NAME cli/pmacrash-sweep COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_sweep.sh $<TARGET_FILE:pmacrash>)
    set_tests_properties(cli/pmacrash-sweep PROPERTIES LABELS cli TIMEOUT 120)
    add_test(NAME long/sweep-of-everything COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_sweep_all.sh $<TARGET_FILE:pmacrash>)
    set_tests_properties(long/sweep-of-everything PROPERTIES LABELS long TIMEOUT 14400 RUN_SERIAL ON)
    add_test(NAME cli/pmacrash-grain COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_grain.sh $<TARGET_FILE:pmacrash>)
    set_tests_properties(cli/pmacrash-grain PROPERTIES LABELS cli TIMEOUT 120)
endif()

find_program(PYTHON3 python3)
if(PYTHON3)
    add_test(NAME cli/report-in-browser
             COMMAND ${PYTHON3} ${CMAKE_CURRENT_LIST_DIR}/cli/report_in_browser.py $<TARGET_FILE:pmacrash>)
    set_tests_properties(cli/report-in-browser PROPERTIES LABELS cli TIMEOUT 120 SKIP_RETURN_CODE 77)
else()
    message(WARNING "no python3: the page of a report is not tested in a browser")
endif()

add_test(NAME integration/selftest COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_selftest.sh $<TARGET_FILE:pmacrash>)
set_tests_properties(integration/selftest PROPERTIES LABELS integration TIMEOUT 300)

foreach(what check github junit)
    add_test(NAME cli/pmacrash-${what} COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_${what}.sh $<TARGET_FILE:pmacrash>
                                               ${CMAKE_CURRENT_LIST_DIR}/support/junit.xsd)
    set_tests_properties(cli/pmacrash-${what} PROPERTIES LABELS cli TIMEOUT 240 SKIP_RETURN_CODE 77)
endforeach()
add_test(NAME cli/ci-document COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/ci_document.sh $<TARGET_FILE:pmacrash> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli/ci-document PROPERTIES LABELS cli TIMEOUT 240 SKIP_RETURN_CODE 77)
add_test(NAME integration/baseline-holds
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/baseline_holds.sh $<TARGET_FILE:pmacrash> ${PROJECT_SOURCE_DIR}/scenarios/baseline.txt)
set_tests_properties(integration/baseline-holds PROPERTIES LABELS integration TIMEOUT 300)

add_test(NAME long/random-kills
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_random_kills.sh $<TARGET_FILE:pmacrash>)
set_tests_properties(long/random-kills PROPERTIES LABELS long TIMEOUT 7200)

add_test(NAME cli/pmacrash-store-sqlite
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_store_sqlite.sh $<TARGET_FILE:pmacrash> $<TARGET_FILE:store_sqlite>
                 $<TARGET_FILE:store_play> $<TARGET_FILE:faultsim_preload>)
set_tests_properties(cli/pmacrash-store-sqlite PROPERTIES LABELS cli TIMEOUT 120)
add_test(NAME cli/pmacrash-store-check
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_store_check.sh $<TARGET_FILE:pmacrash> $<TARGET_FILE:faultsim_preload>)
set_tests_properties(cli/pmacrash-store-check PROPERTIES LABELS cli TIMEOUT 120)
if(TARGET store_lmdb)
    add_test(NAME cli/pmacrash-store
             COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pmacrash_store.sh $<TARGET_FILE:pmacrash> $<TARGET_FILE:store_lmdb>
                     $<TARGET_FILE:store_play> $<TARGET_FILE:faultsim_preload>)
    set_tests_properties(cli/pmacrash-store PROPERTIES LABELS cli TIMEOUT 120)
endif()

# Twenty-four minutes: nothing may be found in random scenarios.
add_test(NAME long/random-campaigns COMMAND ${PROJECT_SOURCE_DIR}/scripts/random-campaigns --build ${PROJECT_BINARY_DIR})
set_tests_properties(long/random-campaigns PROPERTIES LABELS long TIMEOUT 3600)
