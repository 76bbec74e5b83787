#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each public header compiles alone, with all warnings: as C17, and those of the arena and of faultsim as C11 and as C++17, too.
# Arguments: the source tree, the C and the C++ compiler.
set -euo pipefail
source=$1 compiler=$2 compiler_cxx=$3
check() { # COMPILER STANDARD LANGUAGE MODULE
    local header
    for header in "$source/$4/include/$4"/*.h; do
        "$1" "-std=$2" -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$source"/{pma,faultsim,results}/include -x "$3" - \
            <<<"#include <$4/$(basename "$header")>"
    done
}
for module in pma faultsim results; do
    check "$compiler" c17 c "$module"
done
for module in pma faultsim; do
    check "$compiler" c11 c "$module"
    check "$compiler_cxx" c++17 c++ "$module"
done
