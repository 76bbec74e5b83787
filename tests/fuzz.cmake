# SPDX-License-Identifier: MIT
# Readers that take any bytes. Each target is built with the driver of the house, as a test; with PMA_FUZZ (presets fuzz and
# afl) as a program with the fuzzer's own main function instead: scripts/fuzz.
option(PMA_FUZZ "Build the fuzz targets for a fuzzer that measures coverage" OFF)

function(pmacrash_fuzz name)
    if(PMA_FUZZ)
        add_executable(fuzz_${name} fuzz/${name}.c)
        target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
        set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
        set(program fuzz_${name})
    else()
        pmacrash_test(NAME ${name}_fuzz LABEL fuzz SOURCES fuzz/${name}.c fuzz/driver.c LIBRARIES ${ARGN})
        set(program test_${name}_fuzz)
    endif()
    target_include_directories(${program} PRIVATE support fuzz)
    target_compile_definitions(${program} PRIVATE SUITES="${PROJECT_SOURCE_DIR}/scenarios/suites")
endfunction()

pmacrash_fuzz(arena_file test_arena_image)
pmacrash_fuzz(jam_cue pma_fault)
pmacrash_fuzz(scenario_suite scenario)
pmacrash_fuzz(trace_file faultsim PkgConfig::XXHASH)
