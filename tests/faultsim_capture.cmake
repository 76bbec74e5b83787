# SPDX-License-Identifier: MIT
# The lower half of libfaultsim: wrapped calls, recorder, traces, fault plans.
pmacrash_test(NAME faultsim_record_files LABEL integration
              SOURCES integration/faultsim_record_files.c support/recorded.c LIBRARIES faultsim)
foreach(test faultsim_record_files)
    target_include_directories(test_${test} PRIVATE support)
endforeach()
