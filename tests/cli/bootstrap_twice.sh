#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where everything is installed, scripts/bootstrap says nothing, needs no network and succeeds.
set -euo pipefail
output=$("$1/scripts/bootstrap" 2>&1)
[ -z "$output" ] || { echo "second call printed: $output"; exit 1; }
