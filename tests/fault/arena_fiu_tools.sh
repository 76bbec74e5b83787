#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# libfiu's own tools reach the fault points: fiu-run from the start, fiu-ctrl in a program that runs.
set -euo pipefail
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "$1" >&2
    exit 1
}

expect() { # TEXT PATTERN
    case $1 in *$2*) ;; *) fail "expected '$2', got '$1'" ;; esac
}

text=$("$program" "$scratch/plain.pma" </dev/null)
expect "$text" "snapshot taken"

text=$(fiu-run -x -c "enable name=pma/sync/blocks" "$program" "$scratch/run.pma" </dev/null || true)
expect "$text" "snapshot 2: sync of blocks: Input/output error"

text=$(fiu-run -x -c "enable name=pma/create/sync,failinfo=28" "$program" "$scratch/create.pma" </dev/null || true)
expect "$text" "sync of the file: No space left on device"
[ ! -e "$scratch/create.pma" ] || fail "an arena that could not be synced has got its name"

# The program says when it can be told, and goes on when its input ends.
mkfifo "$scratch/input" "$scratch/output"
fiu-run -x -f "$scratch/fiu" "$program" "$scratch/control.pma" <"$scratch/input" >"$scratch/output" &
exec 3>"$scratch/input" 4<"$scratch/output"
read -r line <&4
expect "$line" "ready"
for fifo in "$scratch"/fiu-*.in; do
    number=${fifo##*-}
    fiu-ctrl -f "$scratch/fiu" -c "enable name=pma/meta/write" "${number%.in}"
done
exec 3>&-
read -r line <&4
expect "$line" "write of meta page 1: Input/output error"
wait || true
