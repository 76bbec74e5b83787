#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each public header compiles alone, as C17 with all warnings.
set -euo pipefail
source=$1 compiler=$2
for header in "$source"/{pma/include/pma,faultsim/include/faultsim,results/include/results}/*.h; do
    "$compiler" -std=c17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c \
        -I"$source/pma/include" -I"$source/faultsim/include" -I"$source/results/include" "$header"
done
