#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The audit: which syncs are missed when they are left out, everywhere and one by one, and that its word can be checked with `run`.
. "$(dirname "$0")/pmacrash.bash"

cat >syncs.yaml <<'END'
scenarios:
  - name: twice
    description: The second snapshot has nothing new, so no data has to be synced before it.
    create: recorded
    steps:
      - create: {}
      - alloc: {name: a, pages: 2}
      - write: {name: a}
      - snapshot: {}
      - snapshot: {}
END
expect 0 audit --suites syncs.yaml --copying eager --json --quiet --work "$work"
[ ! -s err ] || fail "--quiet was not"
point() { jq -r ".points[] | select(.point == \"$1\") | $2" <out; }
site() { jq -r ".syncs[] | select(.point == \"$1\" and .step == \"$2\") | $3" <out; }
[ "$(point pma/sync/blocks .needed)" = true ] || fail "the sync of data and nodes is needed"
[ "$(point pma/sync/blocks .scenario)" = twice ] || fail "it is not said where it was missed"
[ "$(point pma/create/sync '.needed and .recoveries > 0')" = true ] || fail "the sync of a new file is needed"
[ "$(point pma/move/remap .needed)" = "" ] || fail "a point that orders nothing was left out"
[ "$(point pma/evict/writeback '.met or .needed')" = false ] || fail "nothing is evicted here"
[ "$(site pma/sync/blocks snapshot '"\(.calls) \(.missed)"')" = "2 1" ] || fail "only the first of two is needed"
[ "$(site pma/sync/meta snapshot '"\(.calls) \(.missed) \(.calls_a_step)"')" = "2 2 1" ] || fail "both are needed"
[ "$(site pma/create/sync create .call)" = fsync ] || fail "the call is not named"
json '[.syncs[].most_microseconds] | add > 0' true
json '.not_missed | length' 1
json '.not_missed[0].step_number' 5

# Its word can be checked: what nobody missed, and what was missed.
fault=$(jq -r '.not_missed[0].fault' <out)
expect 0 run twice --suites syncs.yaml --copying eager --quiet --fault "$fault"
expect 1 run twice --suites syncs.yaml --copying eager --quiet --shrink none --fault "call/fdatasync@1:skip"

expect 0 audit --suites syncs.yaml --copying eager --quiet --work "$work"
grep -qE '^pma/sync/blocks +fdatasync +snapshot +2 +1.00 +1 of 2 ' out || fail "no row for the syncs of data"
says "pma/sync/blocks, snapshot: 1 of 2 are not missed by themselves; one is call/fdatasync@3 of twice, in step 5."
refuses 3 "cannot be played in /nowhere" audit --suites syncs.yaml --copying eager --quiet --work /nowhere
