#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Versions at every store: more crash points, the same verdicts, and replays that need no stores.
. "$(dirname "$0")/pmacrash.bash"

expect 0 run block-reuse --copying eager --json --quiet
calls=$(jq .totals.crash_points <out)
expect 0 run block-reuse --copying eager --json --quiet --grain store
json .totals.violations 0
json ".totals.crash_points > 2 * $calls" true
is "pmacrash run block-reuse --copying eager --json --quiet --grain store" "SELECT command FROM v_run ORDER BY run DESC LIMIT 1"
refuses 2 "--grain store needs --mode simulate" run --mode kill --grain store
refuses 2 "no grain 'stor'; did you mean 'store'?" run --grain stor

# What was found between two stores is replayed by the program that sees none.
expect 1 run partial-free --copying eager --grain store --fault pma/sync/blocks:skip --quiet
expect 1 replay "$(value 'SELECT min(violation) FROM v_violation')"

# The program that sees stores is not there, or only in name.
mkdir alone
cp "$pmacrash" alone/pmacrash
ours=$pmacrash
pmacrash=alone/pmacrash
refuses 3 "--grain store needs the program $work/alone/pmacrash-stores: No such file or directory" run create --grain store
mv alone/pmacrash alone/pmacrash-stores
pmacrash=alone/pmacrash-stores
refuses 3 "Exec format error" run create --grain store
pmacrash=$ours
