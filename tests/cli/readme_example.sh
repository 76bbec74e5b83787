#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The README's ten lines of C compile as they stand, and count on from run to run.
set -euo pipefail
source=$1 compiler=$2 library=$3 tool=$4
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
{
    echo '#include <errno.h>'
    sed -n '/^```c$/,/^```$/p' "$source/README.md" | sed '1d;$d' >lines
    grep '^#include' lines
    echo 'int main(void) {'
    grep -v '^#include' lines
    echo 'return 0; }'
} >counter.c
"$compiler" -std=c17 -Wall -Wextra -I"$source/pma/include" counter.c -o counter "$library" \
    $(pkg-config --libs libxxhash) ${CFLAGS:-}
for expected in 1 2 3; do
    ./counter
    event=$("$tool" stat --json counter.pma | jq .event)
    [ "$event" = "$expected" ] || { echo "after run $expected the event is $event"; exit 1; }
done
