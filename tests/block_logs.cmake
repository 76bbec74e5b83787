# SPDX-License-Identifier: MIT
# Scenarios on real file systems, on disks whose writes are logged: scripts/block-logs runs it.
add_executable(block_logs integration/block_logs.c support/disk_states.c support/left_files.c support/left_recovery.c
               support/logged_crashes.c support/logged_disk.c support/loop_device.c
               support/mounted_image.c support/run_program.c support/write_log.c)
target_include_directories(block_logs PRIVATE support ${PROJECT_SOURCE_DIR}/faultsim/src)
target_compile_definitions(block_logs PRIVATE SUITES="${PROJECT_SOURCE_DIR}/scenarios/suites")
target_link_libraries(block_logs PRIVATE scenario)
set_target_properties(block_logs PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

add_test(NAME integration/block-logs COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/block_logs.sh $<TARGET_FILE:block_logs>)
set_tests_properties(integration/block-logs PROPERTIES LABELS integration TIMEOUT 300 SKIP_RETURN_CODE 77)
foreach(format ext4 xfs)
    add_test(NAME long/block-logs-${format} COMMAND ${PROJECT_SOURCE_DIR}/scripts/block-logs --format ${format}
             --program $<TARGET_FILE:block_logs>)
    set_tests_properties(long/block-logs-${format} PROPERTIES LABELS long TIMEOUT 14400 SKIP_RETURN_CODE 77)
endforeach()
