#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The installed library knows no libfiu; the fault build does (or this test would prove nothing).
set -euo pipefail
installed=$1 fault=$2
symbols=$(nm "$installed" 2>/dev/null)
if grep -E '\bfiu_|pma_fault_gate' <<<"$symbols"; then
    echo "$installed holds fault-injection symbols"
    exit 1
fi
grep -q ' T pma_snapshot' <<<"$symbols"
grep -q ' U fiu_fail' <<<"$(nm "$fault" 2>/dev/null)"
