#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --junit of run and check: valid by the schema, counts that are right, a case a play, the violation's sentence where it failed.
. "$(dirname "$0")/pmacrash.bash"
. "$(dirname "$0")/gate.bash"
schema=$2
command -v xmllint >/dev/null || { echo "skipped: no xmllint (Debian: libxml2-utils)" && exit 77; }

valid() {
    xmllint --noout --schema "$schema" "$1" 2>invalid || fail "$1 is not valid: $(cat invalid)"
}
xpath() { # EXPRESSION WANTED [FILE]
    local got
    got=$(xmllint --xpath "string($1)" "${3:-junit.xml}")
    [ "$got" = "$2" ] || fail "$1: $got, not $2"
}

# The schema can say no.
echo '<testsuites name="x" tests="1" failures="0" errors="0" time="0.000"><testsuite name="y"/></testsuites>' >wrong.xml
! xmllint --noout --schema "$schema" wrong.xml 2>/dev/null || fail "the schema takes anything"

# All is well: a case for each scenario and way of copying.
small_suite >small.yaml
expect 0 run --suites small.yaml --quiet --junit junit.xml
valid junit.xml
plays=$(value "SELECT count(*) FROM v_scenario")
xpath '/testsuites/@tests' "$plays"
xpath 'count(//testcase)' "$plays"
xpath '/testsuites/@failures' 0
xpath '//testsuite/@name' small
xpath '//testcase[@name="pages"]/@classname' pmacrash.small

# A violation, in text that XML would take for something else; a scenario that was not played; one that cannot be.
small_suite | sed 's/name: pages/name: "a<b> \& \x27c\x27"/; ' >small.yaml
expect 1 run --suites small.yaml --copying eager --quiet --fault 'pma/sync/blocks:skip' --junit junit.xml
valid junit.xml
xpath '/testsuites/@failures' 2
xpath '//testsuite/@failures' 2
id=$(value "SELECT min(violation) FROM v_violation WHERE scenario LIKE 'a<b>%' AND run = (SELECT max(run) FROM v_run)")
expect 0 show "v$id" --json
xpath "//testcase[starts-with(@name, 'a<b> & ')]/failure/@message" "$(jq -r .headline <out)"
xmllint --xpath "string(//testcase[starts-with(@name, 'a<b> & ')]/failure)" junit.xml | grep -qF "show v$id" || fail "no command to look closer"
expect 1 run --suites small.yaml --copying eager --quiet --fault 'pma/sync/blocks:skip' --first --jobs 1 --shrink none --junit junit.xml
valid junit.xml
[ "$(xmllint --xpath 'count(//skipped)' junit.xml)" -ge 1 ] || fail "what was not played is not skipped"

TMPDIR=$work/nowhere expect 3 run --suites small.yaml --copying eager --quiet --junit junit.xml
valid junit.xml
xpath '/testsuites/@errors' 2
xmllint --xpath 'string(//testcase[@name="made"]/error/@message)' junit.xml | grep -qF "$work/nowhere" || fail "the reason is missing"

# The gate: what it demands, and the self-test, are cases too; what is known is no failure.
small_suite >small.yaml
check 0 --update --junit junit.xml
valid junit.xml
check 0 --junit junit.xml
valid junit.xml
xpath '/testsuites/@failures' 0
xpath 'count(//testcase[@classname="pmacrash.baseline"])' 5
xpath 'count(//testcase[@classname="pmacrash.selftest"])' "$(value "SELECT count(*) FROM v_barrier WHERE selftest = 1")"
check 1 --fault 'pma/sync/meta:skip' --junit junit.xml
valid junit.xml
xpath 'count(//testcase[@name="no new violation"]/failure)' 1
xpath 'count(//testcase[@name="pages"]/failure)' 1
check 0 --fault 'pma/sync/meta:skip' --update
check 0 --fault 'pma/sync/meta:skip' --junit junit.xml
valid junit.xml
xpath '/testsuites/@failures' 0
xmllint --xpath 'string(//testcase[@name="pages"]/system-out)' junit.xml | grep -qF "show v" || fail "what is known is not told"
check 1 --points 'pma/meta/*' --junit junit.xml
valid junit.xml
xpath 'count(//testcase[@name="every fault point is hit"]/failure)' 1
check 1 pages --search bounded --points 'pma/meta/*' --junit junit.xml
valid junit.xml
xpath 'count(//testcase[@name="every fault point is hit"]/skipped)' 1

# A file that cannot be written: known before anything is played, or not.
refuses 2 "--junit nowhere/junit.xml: No such file or directory" run pages --suites small.yaml --junit nowhere/junit.xml
expect 3 run pages --suites small.yaml --copying eager --quiet --junit /dev/full
says "--junit /dev/full: No space left on device" err
