#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The C blocks of docs/pma.md, joined, are a program that compiles, runs, and leaves two sound arenas.
set -euo pipefail
source=$1 compiler=$2 library=$3 tool=$4
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
sed -n '/^```c$/,/^```$/p' "$source/docs/pma.md" | grep -v '^```' >guide.c
"$compiler" -std=c17 -Wall -Wextra -Werror -I"$source/pma/include" guide.c -o guide "$library" \
    $(pkg-config --libs libxxhash) ${CFLAGS:-}
./guide
for arena in guide.pma copy.pma; do
    "$tool" check "$arena"
    [ "$("$tool" stat --json "$arena" | jq .event)" = 4 ]
done
