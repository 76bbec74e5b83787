#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The installed library knows no libfiu; the fault build does (or this test would prove nothing).
set -euo pipefail
installed=$1 fault=$2
if nm "$installed" 2>/dev/null | grep -E '\bfiu_|pma_fault_gate'; then
    echo "$installed holds fault-injection symbols"
    exit 1
fi
nm "$installed" | grep -q ' T pma_snapshot'
nm "$fault" | grep -q ' U fiu_fail'
