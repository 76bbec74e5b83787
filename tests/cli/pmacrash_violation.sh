#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A skipped barrier is a violation: found, stored, explained, and shown again from the database alone.
. "$(dirname "$0")/pmacrash.bash"
data=$2 # invariants and queries

expect 1 run first-snapshot --fault 'pma/msync/data:skip' --json
json .outcome violations
json '.violations | length > 0' true
id=$(jq -r '.violations[0].id' <out)
expect 1 run first-snapshot --fault 'pma/msync/data:skip'
says "pmacrash show v"
says "pmacrash replay v"
is "pma/sync/blocks:skip" "SELECT plan FROM v_run WHERE run = 2"
is violations "SELECT outcome FROM v_run WHERE run = 1"

expect 0 show "v$id"
says "Where it crashed Power fails"
says "What happened until then"
says "pma/sync/blocks is left out by plan, and success claimed"
says "What the crash left and what recovery made of it"
says "Success had been reported for the new arena"
says "no sync of it had ended"
says "pmacrash replay v$id"
[ -z "$(grep -v 'pmacrash replay' out | awk 'length > 80')" ] || fail "show is wider than 80 columns"
expect 0 show "$id" --json
json .violation "$id"
json '.headline != ""' true

# The first finding can be the last: nothing after it is played.
expect 1 run create first-snapshot --fault 'pma/sync/blocks:skip' --first --jobs 1 --max-violations 1 --shrink none --json --db first.db
json '[.scenarios[] | select(.outcome == "violations")] | length' 1
json '[.scenarios[] | select(.outcome == "not run")] | length > 0' true

# Whatever was found, the replay says the same of it.
expect 1 run noun-keep --copying eager --fault 'pma/msync/data:skip' --json --db heap.db
for each in $(jq -r '.violations[].id' <out); do
    expect 1 replay "v$each" --json --db heap.db
    json '.verdict == .stored_verdict' true
done

# Without the scenarios, without the sources, in another directory: program, database, invariants.
mkdir -p away/bin away/share/pmacrash elsewhere
cp "$pmacrash" away/bin/
cp -r "$data/sql" "$data/queries" "$data/invariants" away/share/pmacrash/
mv pmacrash.db* elsewhere/
cd elsewhere
pmacrash=$work/away/bin/pmacrash
refuses 3 "suites" list scenarios
expect 1 replay "v$id"
says "Violation v$id shows again"
expect 1 replay "$id" --json
json .shows true
json '.verdict == .stored_verdict' true

# The crash state as a file for other tools; nothing is overwritten.
expect 1 replay "$id" --keep kept.pma
[ "$(head -c 4 kept.pma | tail -c 3)" = PMA ] || fail "kept.pma is no arena"
refuses 3 "--keep kept.pma: File exists" replay "$id" --keep kept.pma
expect 1 replay "$id" --keep kept/
cmp kept.pma kept/arena.pma
refuses 3 "--keep kept/: Directory not empty" replay "$id" --keep kept/
