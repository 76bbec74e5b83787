#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A workload that goes wrong while it is recorded: a violation, made short, told, and recorded again; not so what is no fault
# of the library.
. "$(dirname "$0")/pmacrash.bash"

# Memory that does not hold what was stored.
skip='pma/private/write:skip'
expect 1 run move-evict-split-snapshot --copying lazy --fault "$skip" --shrink-time 60s
says 'v1 move-evict-split-snapshot (lazy): Under pma/private/write:skip the workload goes wrong while it is recorded'
says 'pmacrash replay v1'
is 'violations||0|1|0' "SELECT outcome || '|' || error || '|' || recoveries || '|' || violations || '|' || complete FROM v_scenario"
is 'recording|failed|memory-holds|3|3|24' \
    "SELECT verdict || '|' || status || '|' || invariant || '|' || step || '|' || shrunk_steps || '|' || steps FROM v_violation"
expect 0 show v1
says 'The steps that it takes (3 of 24)'
says '3 evict: {name: a, page: 2, pages: 1}'
says 'pma/private/write is left out by plan, and success claimed >>> step 3 (evict a page 2): page 2 of the arena'
says 'memory-holds: memory holds what was stored there'
says 'Expected: 0x'
says 'Found: page 2 of the arena'
[ -z "$(sed 1d out | grep -v 'pmacrash replay' | awk 'length > 80')" ] || fail 'show is wider than 80 columns'
expect 1 replay v1
says 'Violation v1 shows again: recording'
expect 1 replay v1 --in-process --json
json '.shows and .verdict == .stored_verdict' true
refuses 2 'v1 was found in a recording and has no crash state to keep; --export writes' replay v1 --keep kept

# Given to somebody else.
expect 1 replay v1 --export away
[ "$(ls away)" = "$(printf '%s\n' README.md scenario.yaml)" ] || fail "exported: $(ls away)"
command=$(sed -n 's/^    pmacrash run/run/p' away/README.md)
(cd away && eval "expect 1 $command --shrink none")
PMACRASH_DB=away/again.db is recording 'SELECT verdict FROM v_violation'

# A step that ends otherwise than it says, the file that is too long, and what only a process can tell.
cat >wrong.yaml <<'END'
scenarios:
  - name: no-failure
    description: A call that is to fail and does not.
    steps:
      - alloc: {name: a, pages: 1}
      - root: {index: 1, value: 2}
      - snapshot: {expect: EIO}
      - write: {name: a}
  - name: too-long
    description: A file longer than it is to be.
    steps:
      - alloc: {name: a, pages: 9}
      - write: {name: a}
      - snapshot: {most: 2}
END
expect 1 run --suites wrong.yaml --copying eager --db wrong.db --json
json '[.violations[].verdict] | unique | .[]' recording
json '[.scenarios[].outcome] | unique | .[]' violations
export PMACRASH_DB=wrong.db
is 'calls-end-as-expected 1|length-as-wanted 1' \
    "SELECT group_concat(what, '|') FROM (SELECT invariant || ' ' || shrunk_steps AS what FROM v_violation ORDER BY what)"
expect 1 replay "v$(value "SELECT violation FROM v_violation WHERE invariant = 'calls-end-as-expected'")"
says 'pma_snapshot should have failed with EIO, but succeeded'
expect 1 run --suites wrong.yaml --copying eager --mode kill --db kill.db --json
json '.violations | length' 2
expect 1 run noun-keep --copying eager --fault pma/map:skip --db signal.db
PMACRASH_DB=signal.db is 'crashed|process-lives' "SELECT status || '|' || invariant FROM v_violation"
expect 1 replay v1 --db signal.db
says 'killed by signal 11'

# What was too slow once is not when it is given time.
expect 1 run empty-snapshots --copying eager --record-limit 10 --shrink none --db slow.db
PMACRASH_DB=slow.db is 'hung|calls-return' "SELECT status || '|' || invariant FROM v_violation"
expect 0 replay v1 --db slow.db
says 'Violation v1 does not show: this library plays the scenario to its end'

# In a debugger, stopped where it goes wrong.
if command -v gdb >/dev/null; then
    echo 'backtrace 3' | "$pmacrash" replay v1 --db wrong.db --gdb >gdb.out 2>&1 || fail "gdb: $(cat gdb.out)"
    grep -q '#0 .*play_broken (' gdb.out || fail "gdb did not stop where the rule was broken: $(cat gdb.out)"
    echo 'backtrace 5' | "$pmacrash" replay v1 --db signal.db --gdb >gdb.out 2>&1 || fail "gdb: $(cat gdb.out)"
    grep -q '#0 .*replay_died (' gdb.out || fail "gdb did not stop where the process died: $(cat gdb.out)"
fi

# No fault of the library: nothing to play with, no memory, no disk.
mkdir nothing
expect 3 run ingest --copying eager --input nothing --db failed.db
says 'ingest could not be tested: '
PMACRASH_DB=failed.db is 'failed|0' "SELECT outcome || '|' || violations FROM v_scenario"
mkdir small
if mount -t tmpfs -o size=64k tmpfs small 2>err; then
    trap 'umount "$work/small"; rm -rf "$work"' EXIT
    expect 3 run directory-merges --copying eager --work small --db full.db
    PMACRASH_DB=full.db is 'failed|0' "SELECT outcome || '|' || violations FROM v_scenario"
    says 'there is none left on this machine'
else
    echo 'not tried: a full disk, which takes root'
fi
