#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gate: each rule fires when what it protects is lost, what is known is tolerated, what is new passes, and --update accepts.
. "$(dirname "$0")/pmacrash.bash"
. "$(dirname "$0")/gate.bash"

# Without a baseline there is nothing to compare with.
small_suite >small.yaml
refuses 2 "--baseline FILE; with --update that is made" check
refuses 2 "none.txt: no such baseline; the same command with --update makes it" check --baseline none.txt
[ ! -e pmacrash.db ] || fail "played before the baseline was read"

# Made, it holds: sorted, the same from one time to the next, with a line for each thing that can be lost.
check 0 --update
says "baseline.txt is made."
[ "$(head -n 1 baseline.txt)" = "pmacrash baseline 1" ] || fail "no version in the first line"
cp baseline.txt whole.txt
is 1 "SELECT run FROM v_run WHERE kept_for = 'baseline.txt'"
check 0 --update --jobs 1
is 2 "SELECT run FROM v_run WHERE kept_for = 'baseline.txt'"
cmp baseline.txt whole.txt || fail "not the same twice"
sed 1,2d baseline.txt | LC_ALL=C sort -c || fail "not sorted"
grep -qx 'barrier pma/create/sync eager "legal snapshot" made' baseline.txt || fail "no barrier"
grep -qxE 'play pages eager power-loss complete [0-9]+' baseline.txt || fail "no play"
grep -qx 'point pma/create/rename crashed' baseline.txt || fail "no point"
check 0
says "Not worse than the baseline."
! grep -qE '^(WORSE|BETTER|KNOWN)' out || fail "something is worth a remark"
barriers=$(grep -c '^barrier' baseline.txt)
is "$barriers" "SELECT count(*) FROM v_barrier WHERE caught AND selftest = (SELECT max(selftest) FROM v_selftest)"

# A scenario that is new passes; one that is gone does not.
{ small_suite; printf '  - name: fresh\n    description: A third.\n    steps:\n      - snapshot: {}\n'; } >small.yaml
check 0
says "BETTER 1 scenario is new: fresh"
says "--quiet --update"
small_suite | sed '/name: made/,$d' >small.yaml
check 1
worse "scenario made is gone" "list scenarios"
# ... and with it what only it hits, and what only it shows.
worse "fault point pma/create/rename is not hit any more" "query coverage"
worse "barrier pma/create/sync (eager), skipped, is noticed by nothing any more; in the baseline by the oracle 'legal snapshot' in made" selftest
says "If that is meant, the baseline is to be written anew: $pmacrash check --suites small.yaml --baseline baseline.txt --quiet --update"

# A part of the baseline has its own first play that speaks for the others.
if grep -q '^play made lazy' baseline.txt; then
    check 1 --copying lazy
    worse "scenario made is gone" "list scenarios"
    sed 's/^play made lazy/play made elsewise/' baseline.txt >other.txt
    small_suite >small.yaml
    expect 1 check --suites small.yaml --baseline other.txt --quiet made
    worse "no scenario is played with copying elsewise any more; the baseline has 1 such plays" "run made --copying elsewise"
fi
sed 's/^play pages eager power-loss/play pages eager torn/' baseline.txt >other.txt
small_suite >small.yaml
expect 1 check --suites small.yaml --baseline other.txt --quiet
worse "no scenario is played under torn any more" "run pages --copying eager --model torn --suites small.yaml --verbose"

# A scenario that does less has fewer crash points; one that does more has more.
small_suite | sed '/seed: 9/,+1d' >small.yaml
check 1
points=$(awk '$1 == "play" && $2 == "pages" && $3 == "eager" {print $6}' baseline.txt)
grep -qE "^WORSE +pages: [0-9]+ crash points, $points in the baseline" out || fail "fewer crash points are not said"
worse "crash points, $points in the baseline" "run pages --copying eager --suites small.yaml --verbose"
cp baseline.txt kept.txt
check 0 --update
small_suite >small.yaml
check 0
grep -qE '^BETTER [0-9]+ plays? ha(s|ve) more crash points' out || fail "more crash points are not said"
mv kept.txt baseline.txt

# A search that leaves something out; a fault point at which nothing is crashed.
check 1 --search bounded --bound 1
worse "made: not every crash state was covered, in the baseline all of them" "--search bounded --bound 1"
check 1 --points 'pma/meta/*'
worse "fault point pma/sync/blocks is hit, but not crashed at any more" "query coverage"

# A workload that goes wrong, and one that cannot be played.
small_suite | sed 's/snapshot: {}/snapshot: {expect: EIO}/' >small.yaml
check 1
worse "pages: new violation (recording): " "show v"
small_suite >small.yaml
TMPDIR=$work/nowhere check 1
worse "pages could not be tested: $work/nowhere: " "run pages"

# A barrier of which the scenario still there says nothing; an oracle that had noticed something, and now none.
sed -i 's/^barrier pma\/sync\/meta eager "legal snapshot"/barrier pma\/sync\/meta eager alive/' baseline.txt
check 1
worse "the oracle 'alive' notices no skipped barrier any more; in the baseline it noticed pma/sync/meta (eager)" "query barriers"
cp whole.txt baseline.txt
sed -i 's/- create: {}/- create: {fault: "pma\/sync\/parent:skip"}/' small.yaml
check 1
worse "new violation" "show v"
cp whole.txt baseline.txt
small_suite >small.yaml

# A violation that is planted; known, it is tolerated and listed; more of its kind are not; gone, it is told.
check 1 --fault 'pma/sync/blocks:skip'
worse "pages: new violation (mix): " "show v"
expect 0 show "v$(value "SELECT min(violation) FROM v_violation WHERE run = (SELECT max(run) FROM v_run)")"
check 0 --fault 'pma/sync/blocks:skip' --update
check 0 --fault 'pma/sync/blocks:skip'
says "KNOWN pages: known violation (mix): "
count=$(awk '$1 == "violation" && $2 == "pages" && $3 == "eager" && $5 == "mix" {print $NF}' baseline.txt)
sed -i "s/^\(violation pages eager .* mix .*\) $count\$/\1 $((count - 1))/" baseline.txt
check 1 --fault 'pma/sync/blocks:skip'
worse "pages: $count violations of one kind (mix), $((count - 1)) in the baseline: " "show v"
check 0
says "BETTER pages: all of the known violations (mix) are gone"
cp whole.txt baseline.txt

# A part: nothing else is asked for, and --update leaves the rest as it is.
check 0 pages --copying eager
says "Only a part of the baseline was asked for: fault points and oracles are not compared."
small_suite | sed '/seed: 9/,+1d' >small.yaml
check 1 pages --copying eager
check 0 made
check 0 pages --copying eager --update
diff whole.txt baseline.txt >difference || true
[ "$(grep -c '^[<>]' difference)" = 2 ] || fail "more than one line was written anew: $(cat difference)"
small_suite >small.yaml
cp whole.txt baseline.txt

# A run that was made before; the self-test must have been made, too. A database is a baseline like any other.
expect 0 run --suites small.yaml --quiet --db before.db
check 1 --db before.db --run latest
worse "before.db holds no self-test of all scenarios to compare with that of the baseline" "selftest --db before.db"
expect 1 selftest --suites small.yaml --quiet --db before.db
check 0 --db before.db --run latest
check 0 --db before.db --run r1
refuses 2 "'third' is no run" check --baseline baseline.txt --run third
refuses 3 "before.db holds no run r7" check --baseline baseline.txt --run r7 --db before.db
expect 0 check --suites small.yaml --baseline before.db --quiet
small_suite | sed '/name: made/,$d' >small.yaml
expect 1 check --suites small.yaml --baseline before.db --quiet
says "scenario made is gone"
refuses 2 "before.db is a results database, which runs write" check --baseline before.db --update
small_suite >small.yaml

# For scripts.
check 0 --json
json '[.passed, .whole, .worse, .known, .better] | tojson' '[true,true,[],[],[]]'
check 1 --json --fault 'pma/sync/meta:skip'
json '.passed' false
json '[.worse[] | select(.demand == "no new violation" and .scenario == "pages" and (.command | test("show v")))] | length > 0' true

# What is no baseline is named with the line, and what was meant.
bad() { # TEXT LINE...
    local text=$1
    shift
    printf '%s\n' "$@" >bad.txt
    refuses 2 "$text" check --baseline bad.txt
}
bad "bad.txt: neither a baseline, which begins with 'pmacrash baseline 1', nor a results database" "something else"
bad "bad.txt: a baseline of version 2, this pmacrash knows version 1; write it anew with --update" "pmacrash baseline 2"
bad "bad.txt:3: no line of a baseline begins with 'plays'" "pmacrash baseline 1" "# a comment" "plays x"
bad "bad.txt:2: this should be: play SCENARIO COPYING MODEL" "pmacrash baseline 1" "play x eager power-loss complete many"
bad "bad.txt:2: this should be: play SCENARIO COPYING MODEL" "pmacrash baseline 1" "play x eager power-loss wholly 7"
bad "bad.txt:2: this should be: point NAME hit|crashed" "pmacrash baseline 1" "point pma/grow"
bad "bad.txt:2: a quote without its end" "pmacrash baseline 1" 'barrier "pma/grow'
refuses 3 "cannot be written" check --suites small.yaml --baseline nowhere/baseline.txt --update --quiet --run latest
