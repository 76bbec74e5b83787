# SPDX-License-Identifier: MIT
# The lower half of libfaultsim: wrapped calls, recorder, traces, fault plans.
pmacrash_test(NAME faultsim_interpose LABEL unit
              SOURCES unit/faultsim_interpose.c LIBRARIES faultsim)
target_include_directories(test_faultsim_interpose PRIVATE ${PROJECT_SOURCE_DIR}/faultsim/src)
pmacrash_test(NAME faultsim_trace LABEL unit
              SOURCES unit/faultsim_trace.c LIBRARIES faultsim PkgConfig::XXHASH)
pmacrash_test(NAME faultsim_call_faults LABEL unit
              SOURCES unit/faultsim_call_faults.c support/recorded.c LIBRARIES faultsim)
pmacrash_test(NAME faultsim_plan LABEL unit
              SOURCES unit/faultsim_plan.c support/recorded.c LIBRARIES faultsim PkgConfig::FIU)
foreach(test faultsim_record_files faultsim_record_memory faultsim_record_streams)
    pmacrash_test(NAME ${test} LABEL integration
                  SOURCES integration/${test}.c support/recorded.c LIBRARIES faultsim)
endforeach()
foreach(test faultsim_call_faults faultsim_plan faultsim_record_files faultsim_record_memory
             faultsim_record_streams)
    target_include_directories(test_${test} PRIVATE support)
endforeach()
if(PMACRASH_STORES)
    pmacrash_test(NAME faultsim_record_stores LABEL integration
                  SOURCES integration/faultsim_record_stores.c support/recorded.c LIBRARIES faultsim)
    target_include_directories(test_faultsim_record_stores PRIVATE support)
    see_stores(test_faultsim_record_stores)
endif()

# Programs that are recorded by preloading, built as anybody's: without sanitizers, whose runtimes
# insist on being loaded first.
function(preloaded_program name)
    add_executable(${name} support/${name}.c)
    target_compile_options(${name} PRIVATE -fno-sanitize=all)
    target_link_options(${name} PRIVATE -fno-sanitize=all)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
endfunction()

preloaded_program(preload_program)
foreach(test faultsim_preload faultsim_preload_lmdb)
    pmacrash_test(NAME ${test} LABEL integration
                  SOURCES integration/${test}.c support/preloaded.c LIBRARIES faultsim)
    target_include_directories(test_${test} PRIVATE support)
    target_compile_definitions(test_${test} PRIVATE
                               PRELOAD_LIBRARY="$<TARGET_FILE:faultsim_preload>"
                               PRELOAD_PROGRAM="$<TARGET_FILE:preload_program>")
    add_dependencies(test_${test} faultsim_preload preload_program)
endforeach()

pkg_check_modules(LMDB QUIET IMPORTED_TARGET lmdb)
if(LMDB_FOUND)
    preloaded_program(preload_lmdb)
    target_link_libraries(preload_lmdb PRIVATE PkgConfig::LMDB)
    target_compile_definitions(test_faultsim_preload_lmdb PRIVATE
                               LMDB_PROGRAM="$<TARGET_FILE:preload_lmdb>")
    add_dependencies(test_faultsim_preload_lmdb preload_lmdb)
endif()
