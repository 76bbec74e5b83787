#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# In a GitHub workflow, or with --github: annotations of the lines that they are about, escaped, and a summary of the step.
. "$(dirname "$0")/pmacrash.bash"
. "$(dirname "$0")/gate.bash"
mkdir suites
unset GITHUB_ACTIONS
small_suite >suites/small.yaml
gate=(check --suites suites/small.yaml --baseline baseline.txt --quiet --copying eager)
annotations() { grep -c '^::' out || true; }

expect 0 "${gate[@]}" --update
expect 1 "${gate[@]}" --fault 'pma/sync/blocks:skip'
[ "$(annotations)" = 0 ] || fail "annotations that nobody asked for"

# As a workflow has it.
export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$work/summary GITHUB_WORKSPACE=$work
expect 0 "${gate[@]}"
[ "$(annotations)" = 0 ] || fail "annotations of nothing"
grep -qx '### pmacrash check: passed' summary || fail "the summary does not say that it passed"
expect 1 check --suites "$work/suites/small.yaml" --baseline baseline.txt --quiet --copying eager --fault 'pma/sync/blocks:skip'
line=$(grep -n 'name: pages' suites/small.yaml | cut -d: -f1)
grep -qE "^::error file=suites/small.yaml,line=$line,title=pmacrash%3A violation::pages: new violation \(mix\): .*%0A.* show v[0-9]+\$" out \
    || fail "no annotation of the scenario's line"
grep -q '^### pmacrash check: [0-9]* failures' summary || fail "the summary does not say that it failed"
grep -qF '| 2 | ' summary || fail "the summary has no figures"

# What has no scenario any more is shown in the baseline. Nothing in a file's name ends a property too early.
mkdir 'odd: 100%, really'
cp baseline.txt 'odd: 100%, really/baseline.txt'
small_suite | sed '/name: made/,$d' >suites/small.yaml
expect 1 check --suites suites/small.yaml --baseline 'odd: 100%, really/baseline.txt' --quiet --copying eager --points 'pma/meta/*'
line=$(grep -n '^play made' baseline.txt | cut -d: -f1)
grep -qE "^::error file=odd%3A 100%25%2C really/baseline.txt,line=$line,title=pmacrash%3A not played::scenario made is gone%0A" out \
    || fail "no annotation of the baseline's line"

# No more than are shown, and the last one says how many there are.
[ "$(grep -c '^::error' out)" = 10 ] || fail "not ten annotations"
wrong=$(grep -c '^WORSE' out)
grep -qx "::error title=pmacrash::and $((wrong - 9)) more: see the output of this step" out || fail "it does not say how many more"

# Known violations are warnings. With --json, annotations do not spoil the document.
small_suite >suites/small.yaml
expect 0 "${gate[@]}" --fault 'pma/sync/blocks:skip' --update
expect 0 "${gate[@]}" --fault 'pma/sync/blocks:skip' --json
json .passed true
grep -q '^::warning file=suites/small.yaml,line=2,' err || fail "what is known is no warning"

# run has them too; --github stands for the environment.
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
expect 1 run --suites suites/small.yaml --copying eager --quiet --fault 'pma/sync/blocks:skip' --github
grep -q '^::error file=suites/small.yaml,line=2,title=pmacrash%3A violation::pages: ' out || fail "run has no annotation"
expect 1 run --suites suites/small.yaml --copying eager --quiet --fault 'pma/sync/blocks:skip'
[ "$(annotations)" = 0 ] || fail "annotations that nobody asked for"
