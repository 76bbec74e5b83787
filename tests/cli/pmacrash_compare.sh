#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two runs compared: what is new, gone, lost and gained; runs of two databases; what is no run.
. "$(dirname "$0")/pmacrash.bash"
golden=$2

sqlite3 pmacrash.db <"$golden/campaign.sql" >/dev/null
sqlite3 old.db <"$golden/schema-0003.sql" >/dev/null

# change CHANGE: the rows of that change in the last output, as JSON, each "what before after".
change() {
    jq -r --arg change "$1" '.differences[] | select(.change == $change) | "\(.scenario) \(.what) \(.before) \(.after)"' <out
}
is_change() { # CHANGE WANTED
    [ "$(change "$1")" = "$2" ] || fail "$1: $(change "$1")"
}

# A plan that skips a barrier, put to fewer scenarios.
expect 1 compare r1 r2 --json
json .before.run 1
json .after.command 'pmacrash run first-snapshot heap-first-object --fault pma/sync/blocks:skip --max-violations 2 --copying eager'
json .worse true
change 'asked otherwise' | grep -qx ' fault plan  pma/sync/blocks:skip' || fail "the fault plan is not told"
is_change 'new violation' "first-snapshot mix at pma/meta/write 0 2, as v3
heap-first-object invariant: heap-chunks-counted 0 1, as v2
heap-first-object mix at pma/meta/write 0 1, as v1"
change 'scenario gone' | grep -q '^create ' || fail "create is not told to be gone"
change 'coverage lost' | grep -qx ' pma/lazy/arm 9 hits 0' || fail "a point that is not hit any more is not told"
is_change 'fewer crash points' "first-snapshot  77 62
heap-first-object  195 67"
is_change slower ""

# The other way round it is good news.
expect 0 compare 2 1 --json
json .worse false
change 'violation gone' | grep -qx 'first-snapshot mix at pma/meta/write 2, as v3 0' || fail "no violation is gone"
change 'coverage gained' | grep -qx ' pma/lazy/arm 0 9 hits' || fail "no coverage is gained"
change 'complete now' | grep -q '^first-snapshot ' || fail "nothing is complete now"

# Time, by half and by a fifth of a second.
sqlite3 pmacrash.db "UPDATE scenario SET explore_ms = explore_ms + 200 WHERE run = 5 AND name = 'first-snapshot'"
expect 1 compare 1 5 --csv
grep -q '^slower,0,first-snapshot,lazy,power-loss,,69 ms,272 ms' <(tr -d '\r' <out) || fail "slower is not told"
grep -q '^failed,1,create,lazy,power-loss,"the workload did not end' out || fail "a failure is not told"

# For people: both runs, a dozen rows of a kind, and a sentence.
expect 1 compare r1 r2
says "Before r1 of pmacrash.db, 2024-06-03 02:00, commit a1c04f2, clean:"
says "r2 is worse than r1: 3 x new violation, 4 x scenario gone,"
expect 0 compare 1 1
says "r1 is not worse than r1."

# Without arguments: the latest, and the last before it that was asked the same.
expect 1 compare --json
json '[.before.run, .after.run] | tostring' '[1,5]'

# Two databases, one of them of an older version.
expect 0 compare old.db:1 "$PWD/pmacrash.db:r1" --json
json .before.database old.db
is_change 'scenario gone' ""
expect 1 compare old.db r5 --json
json .before.run 3

refuses 2 "'x' is no run (r3, 3 or latest)" compare x
refuses 2 "'0' is no run" compare 0
refuses 2 "pmacrash.db holds no run r77" compare r77 r1
refuses 3 "none.db: no such database" compare none.db:1 r1
refuses 2 "compare does not know what to do with 'r3'" compare r1 r2 r3
sqlite3 pmacrash.db "PRAGMA foreign_keys = ON; DELETE FROM run WHERE id > 1"
refuses 2 "holds no run before r1 to compare it with" compare
