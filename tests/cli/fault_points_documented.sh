#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/fault-points.md holds the table that the program prints.
set -euo pipefail
source=$1 pmacrash=$2
expected=$("$source/scripts/fault-points-table" "$pmacrash")
actual=$(sed -n '/^| point /,$p' "$source/docs/fault-points.md")
diff <(echo "$expected") <(echo "$actual") || {
    echo "docs/fault-points.md is out of date: scripts/fault-points-table $pmacrash prints the table"
    exit 1
}
