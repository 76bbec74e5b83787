# SPDX-License-Identifier: MIT
# The lower half of libfaultsim: wrapped calls, recorder, traces, fault plans.
pmacrash_test(NAME faultsim_interpose LABEL unit
              SOURCES unit/faultsim_interpose.c LIBRARIES faultsim)
target_include_directories(test_faultsim_interpose PRIVATE ${PROJECT_SOURCE_DIR}/faultsim/src)
pmacrash_test(NAME faultsim_trace LABEL unit
              SOURCES unit/faultsim_trace.c LIBRARIES faultsim PkgConfig::XXHASH)
pmacrash_test(NAME faultsim_plan LABEL unit
              SOURCES unit/faultsim_plan.c support/recorded.c LIBRARIES faultsim PkgConfig::FIU)
foreach(test faultsim_record_files faultsim_record_memory)
    pmacrash_test(NAME ${test} LABEL integration
                  SOURCES integration/${test}.c support/recorded.c LIBRARIES faultsim)
endforeach()
foreach(test faultsim_plan faultsim_record_files faultsim_record_memory)
    target_include_directories(test_${test} PRIVATE support)
endforeach()
