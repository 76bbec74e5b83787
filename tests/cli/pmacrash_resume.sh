#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A run that was cut short goes on where it stopped, after a kill of the tester too: what is done is not done again.
. "$(dirname "$0")/pmacrash.bash"

suite() { # PAGES
    echo "scenarios:"
    for i in 1 2 3 4 5 6 7 8; do
        printf '  - name: s%s\n    description: One of eight.\n    steps:\n' "$i"
        printf '      - alloc: {name: a, pages: %s}\n      - write: {name: a}\n      - snapshot: {}\n' "$1"
    done
}
suite 2 >eight.yaml
eight=(run --suites eight.yaml --copying eager --jobs 1 --verbose)

"$pmacrash" "${eight[@]}" >out 2>err &
run=$!
until [ "$(grep -c ': clean' err)" -ge 2 ]; do kill -0 "$run" 2>/dev/null || break; done
kill -KILL "$run"
wait "$run" || true
is interrupted "SELECT outcome FROM v_run"
done_before=$(value "SELECT count(*) FROM v_scenario")
[ "$done_before" -ge 1 ] || fail "nothing was kept"

expect 0 "${eight[@]}" --resume
[ "$(grep -c ' before ' out)" = "$done_before" ] || fail "not $done_before scenarios were left alone"
is "1 8 clean 1" "SELECT count(*) || ' ' || sum(plays) || ' ' || min(outcome) || ' ' || min(complete) FROM v_run"
is 8 "SELECT count(DISTINCT scenario) FROM v_scenario"

# Nothing is left to do, and that is said as if all had been done just now.
expect 0 "${eight[@]}" --resume --json
json .totals.complete true
json .totals.plays 8
json '[.scenarios[] | select(.outcome == "done before")] | length' 8
is 8 "SELECT count(*) FROM v_scenario"

# Another question, or another suite of the same name, is another matter.
expect 0 "${eight[@]}" --resume --model process-kill --json
json '[.scenarios[] | select(.outcome == "clean")] | length' 8
is 2 "SELECT count(*) FROM v_run"
suite 3 >eight.yaml
expect 0 "${eight[@]}" --resume --json
json '[.scenarios[] | select(.outcome == "clean")] | length' 8
is 2 "SELECT count(*) FROM v_run"
is 8 "SELECT count(*) FROM v_scenario WHERE run = 1 AND text LIKE '%pages: 3%'"
