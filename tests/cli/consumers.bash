# SPDX-License-Identifier: MIT
# Programs of other people, in C and C++, built against an installed libpma. Sourced by tests.

# consumers_write DIRECTORY: their sources, and a CMake project that builds each with each library.
consumers_write() {
    cat >"$1/program.c" <<'END'
#include <errno.h>
#include <pma/check.h>
#include <pma/heap.h>
#include <pma/noun.h>
#include <pma/pma.h>
#include <pma/stack.h>
#include <pma/version.h>
#include <string.h>

int main(void)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_check_options how = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;
    pma_t *arena;
    void *object;

    if (strcmp(pma_version(), PMA_VERSION) != 0 || pma_create("consumer.pma", &options, &arena, NULL))
        return 1;
    if (pma_malloc(arena, 100, &object))
        return 2;
    strcpy((char *)object, "written by a consumer");
    if (pma_snapshot(arena, 1) || pma_close(arena))
        return 3;
    return pma_check("consumer.pma", &how, NULL, &report, NULL) || report.findings || report.event != 1 ? 4 : 0;
}
END
    cp "$1/program.c" "$1/program.cc"
    cat >"$1/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES C CXX)
set(CMAKE_C_STANDARD 11)
set(CMAKE_CXX_STANDARD 17)
find_package(pma ${WANTED} REQUIRED COMPONENTS shared static)
foreach(kind shared static)
    add_executable(c_${kind} program.c)
    add_executable(cxx_${kind} program.cc)
    target_link_libraries(c_${kind} PRIVATE pma::${kind})
    target_link_libraries(cxx_${kind} PRIVATE pma::${kind})
endforeach()
END
}

# consumers_run PROGRAM...: each leaves a sound arena.
consumers_run() {
    local program
    for program; do
        rm -f consumer.pma
        "$program" || { echo "$program: exit code $?" >&2 && return 1; }
    done
}
