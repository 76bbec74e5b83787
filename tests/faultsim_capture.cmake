# SPDX-License-Identifier: MIT
# The lower half of libfaultsim: wrapped calls, recorder, traces, fault plans.
foreach(test faultsim_record_files faultsim_record_memory)
    pmacrash_test(NAME ${test} LABEL integration
                  SOURCES integration/${test}.c support/recorded.c LIBRARIES faultsim)
    target_include_directories(test_${test} PRIVATE support)
endforeach()
