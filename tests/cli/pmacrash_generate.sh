#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Scenarios by rule: played without files, told together, each made again from its name; a fault in them is found and replayed.
. "$(dirname "$0")/pmacrash.bash"

tiny=(generate --alphabet snapshot,write --length 2 --copying eager)

expect 0 "${tiny[@]}" --quiet
[ ! -s err ] || fail "--quiet was not"
grep -qE '^gen-xws-2-\* +9 .* 0  yes ' out || fail "not the nine sequences of two writes and snapshots"
says "every file content that a crash can leave was covered"
is 1 "SELECT count(*) FROM v_scenario"
is "9 9 1" "SELECT plays || ' ' || (SELECT plays FROM v_run) || ' ' || complete FROM v_scenario"
is 0 "SELECT abs(sum(t.recoveries) - (SELECT sum(recoveries) FROM v_scenario)) FROM v_total t"
is 1 "SELECT hits > 18 FROM v_coverage WHERE point = 'pma/sync/meta'"

# One of them alone has a row of its own; as a suite it is the same scenario.
expect 0 generate gen-xws-2-000004 --copying eager --json --quiet
json '.scenarios[0].scenario' gen-xws-2-000004
alone=$(jq .totals.crash_points <out)
expect 0 generate gen-xws-2-000004 --print
cp out one.yaml
expect 0 run --suites one.yaml --copying eager --json --quiet
json .totals.crash_points "$alone"

# Random ones too, whatever is asked of the search.
expect 0 generate --random --alphabet all --length 8 --count 4 --seed 3 --json --quiet --model torn --search bounded
json '.totals.plays >= 4' true
json .totals.violations 0
expect 0 generate --random --seed 5 --length 3 --count 2 --print
[ "$(grep -c 'name: "\?gen-pages-r3-s5-00000[01]"\?$' out)" = 2 ] || fail "not the two scenarios asked for"

# What is found has a row, the scenario as it was, and can be replayed from the database alone.
expect 1 "${tiny[@]}" --count 2 --quiet --fault 'pma/sync/blocks:skip' --shrink none --max-violations 1 --db found.db
export PMACRASH_DB=found.db
is 2 "SELECT count(*) FROM v_scenario WHERE plays = 1 AND violations > 0 AND text LIKE '%- write:%'"
unset PMACRASH_DB
expect 1 replay v1 --db found.db
says "shows again"

# The time is over: what is done is kept, and gone on with.
many=(generate --alphabet pages --length 3 --count 60 --copying eager --jobs 1 --db many.db)
expect 4 "${many[@]}" --quiet --budget 200ms
says "Not played yet:"
says "--resume"
export PMACRASH_DB=many.db
is incomplete "SELECT outcome FROM v_run"
is "0 1" "SELECT complete || ' ' || (plays BETWEEN 1 AND 59) FROM v_run"
expect 0 "${many[@]}" --quiet --resume
is "1 60 clean 1" "SELECT count(*) || ' ' || sum(plays) || ' ' || min(outcome) || ' ' || min(complete) FROM v_run"
unset PMACRASH_DB
expect 0 "${many[@]}" --quiet --json --db whole.db
PMACRASH_DB=whole.db is "$(PMACRASH_DB=many.db value 'SELECT recoveries FROM v_run')" "SELECT recoveries FROM v_run"

# Where time is all that was asked for, nothing is missing when it is over.
expect 0 generate --random --length 5 --copying eager --budget 1s --quiet --json --db random.db
json .outcome clean
json '.totals.plays > 0' true

refuses 2 "did you mean 'snapshot'?" generate --alphabet alloc,snapshto
refuses 2 "is no name of a generated scenario" generate gen-pages-3
refuses 2 "there are only 9 scenarios" generate gen-xws-2-000009
refuses 2 "--length takes a number from 1 to 1000" generate --length 0
