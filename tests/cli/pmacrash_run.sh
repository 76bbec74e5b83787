#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two small scenarios from the command line to the database and back, for people and for scripts.
. "$(dirname "$0")/pmacrash.bash"

expect 0 run create first-snapshot --copying eager --verbose
grep -qE '^create +eager +[0-9,]+ +[0-9,]+ +[0-9,]+ +0  yes +[0-9.]+ s$' out || fail "no row for create"
grep -qE '^first-snapshot +eager +[0-9,]+ +[0-9,]+ +[0-9,]+ +0  yes ' out || fail "no row for first-snapshot"
grep -qE '^all 2 +[0-9,]+ +[0-9,]+ +[0-9,]+ +0  yes ' out || fail "no total"
says "every file content that a crash can leave was covered"
says "Try next: $pmacrash query coverage"
grep -q '^create: clean, ' err || fail "no line when create was done"
! grep -q $'\033' out err || fail "escape sequences without a terminal"
is clean "SELECT outcome FROM v_run"
is "pmacrash run create first-snapshot --copying eager --verbose" "SELECT command FROM v_run"
is 2 "SELECT count(*) FROM v_scenario WHERE complete AND violations = 0 AND images_twice = 0"
is 0 "SELECT abs(sum(t.recoveries) - (SELECT sum(recoveries) FROM v_scenario)) FROM v_total t"
is 1 "SELECT hits > 0 AND crashed_at >= 2 FROM v_coverage WHERE point = 'pma/sync/meta'"
is 0 "SELECT hits FROM v_coverage WHERE point = 'pma/move/remap'"
is "$("$pmacrash" --version | sed 's/.*(\(.*\))/\1/')" "SELECT revision FROM v_run"

# For scripts: one document and nothing else.
expect 0 run 'first-*' create --json --quiet --jobs 1 --copying eager
[ ! -s err ] || fail "--quiet was not"
json .outcome clean
json '.scenarios | map(.scenario) | join(",")' create,first-snapshot
json .totals.violations 0
json .totals.images_twice 0
json .run 2

# Each scenario once for each way of copying, where the kernel can; one way alone on request.
expect 0 run create --json --quiet
both=$(jq -r '.scenarios | map(.copying) | join(",")' <out)
[ "$both" = eager,lazy ] || [ "$both" = eager ] || fail "copying: $both"
expect 0 run create --json --quiet --copying eager
json '.scenarios | map(.copying) | join(",")' eager
refuses 2 "no way of copying 'eagr'" run create --copying eagr

# The same verdict for every state, one by one and by the tree.
expect 0 run create first-snapshot --search compare --json
json .totals.disagreements 0
json '.totals.compared_states > 0' true
json '.totals.brute_recoveries > .totals.recoveries' true
expect 0 run create --search compare
says "Brute force:"
says "Verdicts that differ: 0."

# Other models and searches.
expect 0 run create first-snapshot --model process-kill --json
json '.totals.covered == .totals.crash_points' true
expect 0 run create --search brute
expect 0 run create --search bounded --bound 1
expect 0 run create --search random --bound 3 --seed 7
expect 0 run create --points 'pma/create/*'
says "every crash state at 'pma/create/*' was covered"

# Several models: a play of each, and where storage is not to be trusted what was noticed is told apart.
expect 0 run create first-snapshot --model power-loss,lying-disk --copying eager --json
json '.scenarios | map(.model) | join(",")' power-loss,lying-disk,power-loss,lying-disk
json .model power-loss,lying-disk
json '.scenarios[1].verdicts | .noticed + .rollback > 0' true
json '.scenarios[0].verdicts | keys | join(",")' legal
expect 0 run create first-snapshot --model power-loss,lying-disk --copying eager
grep -qE '^lying-disk +[0-9,]+ +[0-9,]+ +[0-9,]+ +[0-9,]+ +0  yes ' out || fail "no row for lying-disk"
refuses 2 "no model 'toorn'; did you mean 'torn'?" run --model power-loss,toorn

# Torn blocks: the mixes of a meta record are too many to try them all, and that is said.
expect 0 run roots-and-events --model torn --copying eager --tear-limit 16
says "bounded"
says "under torn"

# Lists and queries in their formats.
for what in scenarios points models invariants queries; do
    expect 0 list "$what"
    [ "$(wc -l <out)" -ge 3 ] || fail "list $what is short"
    expect 0 list "$what" --json
    json 'type' array
    json 'all(.[]; .description != "")' true
done
expect 0 query --json
for query in $(jq -r ".[].name" <out); do
    expect 0 query "$query"
    expect 0 query "$query" --csv
    expect 0 query "$query" --json
    json 'type' array
done
expect 0 show
expect 0 show r1
says "first-snapshot"
expect 0 show r1 --json
json '.scenarios | length' 2
json '.scenarios[0].copying' eager
PMACRASH_DB=other.db expect 0 run create
[ -f other.db ] || fail "PMACRASH_DB was not heard"

# A process for each recovery changes nothing but the time it takes.
expect 0 run create first-snapshot --json --quiet
together=$(jq -c '[.scenarios[] | [.scenario, .copying, .states, .recoveries, .verdicts]] | sort' <out)
expect 0 run create first-snapshot --isolate --json --quiet
json '[.scenarios[] | [.scenario, .copying, .states, .recoveries, .verdicts]] | sort | tojson' "$together"
