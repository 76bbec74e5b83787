#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What real file systems leave of a few scenarios is what the model says; a missing barrier and a disk that ignores flushes are noticed.
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
script=$(dirname "$0")/../../scripts/block-logs

fail() {
    echo "FAILED: $*"
    cat "$work/out"
    exit 1
}

# expect CODE ARGUMENT...: with few choices, so that it is quick.
expect() {
    local code=$1 got=0
    shift
    "$script" --program "$program" --copying eager --limit 16 --draw 4 "$@" >"$work/out" 2>&1 || got=$?
    [ "$got" != 77 ] || { cat "$work/out" && exit 77; }
    [ "$got" = "$code" ] || fail "block-logs $*: exit code $got, not $code"
}

expect 0 create first-snapshot snapshot-cut-short
[ "$(grep -c ': 3 plays, .*: 0 that the model does not admit, 0 violations' "$work/out")" = 2 ] || fail "not both clean"

for format in ext4 xfs; do
    expect 1 --format "$format" --fault pma/sync/blocks:skip snapshot-cut-short
    grep -q 'refused: open arena.pma: root of the page directory' "$work/out" || fail "$format: another reason"
    expect 1 --format "$format" --fault pma/sync/meta:skip roots-and-events
    grep -q ': lost' "$work/out" || fail "$format: another reason"
    expect 1 --format "$format" --ignore-flushes first-snapshot
    grep -q 'the model does not admit this' "$work/out" || fail "$format: another reason"
done

expect 3 no-such-scenario
expect 2 --format ext5
