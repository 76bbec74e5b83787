#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Counts on from run to run, and says what is wrong with a file that is no arena.
set -euo pipefail
counter=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

for expected in 1 2 3; do
    [ "$("$counter" runs.pma)" = "$expected" ]
done
echo 'no arena' >text
if "$counter" text 2>message; then
    echo 'a text file was taken for an arena'
    exit 1
fi
grep -q 'open text: ' message
