#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What cuts a run short: Ctrl-C, the budget, a worker that dies. What was done until then is kept. The second scenario, searched one
# state after another, is far too long to end by itself.
. "$(dirname "$0")/pmacrash.bash"

start() { # ARGUMENT...: begins a run, and returns when the short scenario is done
    rm -f err pmacrash.db*
    set -m # a job of its own, which may be interrupted
    "$pmacrash" run create directory-merges --search compare --copying eager --jobs 2 --verbose "$@" >out 2>err &
    run=$!
    set +m
    until grep -q '^create: clean' err 2>/dev/null; do
        kill -0 "$run" 2>/dev/null || fail "the run ended early"
    done
}

ends() { # CODE
    local got=0
    wait "$run" || got=$?
    [ "$got" = "$1" ] || fail "exit code $got, not $1"
}

children() {
    pgrep -P "$1" || true
}

start
kill -INT "$run"
ends 130
says "pmacrash: interrupted: " err
says "are in pmacrash.db" err
is interrupted "SELECT outcome FROM v_run"
is clean "SELECT outcome FROM v_scenario WHERE scenario = 'create'"
is 0 "SELECT count(*) FROM v_scenario WHERE scenario <> 'create' AND outcome <> 'interrupted'"
expect 0 run create # the database is as good as before

# A second signal waits for nobody, and leaves nobody behind.
start
workers=$(children "$run")
kill -INT "$run"
until grep -q '^stopping:' err; do :; done
kill -INT "$run" 2>/dev/null || true
ends 130
for worker in $workers; do
    while kill -0 "$worker" 2>/dev/null; do :; done
done
is clean "SELECT outcome FROM v_scenario WHERE scenario = 'create'"

# A worker's task dies: that scenario failed, the other is kept. No worker has the database open.
start
task=
until [ -n "$task" ]; do
    for worker in $(children "$run"); do task="$task $(children "$worker")"; done
    task=$(echo $task)
done
for process in $(children "$run") $task; do
    ! ls -l "/proc/$process/fd" 2>/dev/null | grep -q 'pmacrash\.db' || fail "a worker has the database open"
done
ls -l "/proc/$run/fd" | grep -q 'pmacrash\.db' || fail "the coordinator should have the database open"
# shellcheck disable=SC2086
kill -KILL $task
ends 3
says "directory-merges: failed: worker killed by signal 9 (Killed)" err
says "directory-merges could not be tested: worker killed by signal 9"
is failed "SELECT outcome FROM v_scenario WHERE scenario = 'directory-merges'"
is clean "SELECT outcome FROM v_scenario WHERE scenario = 'create'"

# The budget is used up before everything is covered.
expect 4 run create directory-merges --search compare --copying eager --jobs 2 --budget 1s
says "Coverage is not complete"
is incomplete "SELECT outcome FROM v_run ORDER BY run DESC LIMIT 1"
