#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The installed libraries know no libfiu; the fault build does (or this test would prove nothing).
set -euo pipefail
archive=$1 shared=$2 fault=$3
for installed in "$archive" "$shared"; do
    symbols=$(nm "$installed" 2>/dev/null)
    if grep -E '\bfiu_|pma_fault_gate' <<<"$symbols"; then
        echo "$installed holds fault-injection symbols"
        exit 1
    fi
    grep -q ' T pma_snapshot' <<<"$symbols"
done
grep -q libfiu <<<"$(readelf -d "$shared")" && echo "$shared needs libfiu" && exit 1
grep -q ' U fiu_fail' <<<"$(nm "$fault" 2>/dev/null)"
