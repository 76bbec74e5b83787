#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every persistence barrier of the library, skipped, is caught by some oracle; without a fault nothing is found.
. "$(dirname "$0")/pmacrash.bash"

expect 0 list points --json
barriers=$(jq -c '[.[] | select(.class == "barrier") | .name] | sort' <out)
expect 0 selftest --json --quiet
json .passed true
for copying in $(jq -r '[.barriers[].copying] | unique[]' <out); do
    json "[.barriers[] | select(.copying == \"$copying\" and .passed and .oracle != null and .caught_in != null and .recoveries > 0) | .barrier] | sort | tojson" \
        "$barriers"
done
json 'all(.without_fault[]; .passed and .verdict == null)' true

# The table that people see, in 80 columns with no name broken; and a suite that cannot catch a barrier is told so.
expect 1 selftest roots-and-events --quiet --copying eager
says "pma/sync/meta eager legal snapshot"
grep -q '^pma/recover/sync-parent ' out || fail "a name is broken"
says "pma/create/sync eager NOT CAUGHT"
says "hit by no scenario"
says "Without a fault nothing was found in 1 of 1 plays of scenarios"
