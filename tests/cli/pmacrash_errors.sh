#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bad input: one line that says what, where and what to do; the right exit code; nothing lost.
. "$(dirname "$0")/pmacrash.bash"

# Names that do not exist.
refuses 2 "no scenario 'creat'; did you mean 'create'?" run creat
refuses 2 "no scenario matches 'zz*'" run 'zz*'
refuses 2 "no fault point 'pma/synk/blocks'; did you mean 'pma/sync/blocks'?" run --points pma/synk/blocks
refuses 2 "no fault point 'pma/mync/data'; did you mean 'pma/msync/data'?" run --fault pma/mync/data:skip
refuses 2 "no fault point 'pma/snyc/*'" run --fault 'pma/snyc/*:skip'
refuses 2 "--fault 'pma/grow:skp'" run --fault pma/grow:skp
refuses 2 "no model 'power'; did you mean 'power-loss'?" run --model power
refuses 2 "no search 'lasy'; did you mean 'lazy'?" run --search lasy
refuses 2 "no list 'qeries'; did you mean 'queries'?" list qeries
refuses 2 "run has no option --sead; did you mean --seed?" run --sead 1
refuses 2 "show has no option --jobs" show --jobs 2

# Values that make no sense.
refuses 2 "--jobs takes a number from 1 to 1024, not '0'" run --jobs 0
refuses 2 "--jobs takes a number from 1 to 1024, not '-1'" run --jobs=-1
refuses 2 "--seed takes a number from 0 on, not '1x'" run --seed 1x
refuses 2 "--budget takes a time like 30s, 5m or 1h, not 'soon'" run --budget soon
refuses 2 "--jobs wants a value" run --jobs
refuses 2 "--quiet takes no value" run --quiet=yes
refuses 2 "--table, --csv and --json exclude each other" query summary --csv --json
refuses 2 "list wants more" list
refuses 2 "list does not know what to do with 'points'" list models points
refuses 2 "'x7' is neither a violation" show x7
refuses 2 "replay takes a violation, not a run" replay r1
touch file
refuses 2 "--input $work/none: No such file or directory" run --input "$work/none"
refuses 2 "--input file: Not a directory" run --input file

# Scenarios that are none.
refuses 3 "none" run --suites "$work/none"
printf 'scenarios:\n  - name: bad\n    stepz: []\n' >bad.yaml
refuses 3 "bad.yaml:" run --suites bad.yaml
mkdir empty
refuses 3 "empty" run --suites empty

# Databases that are none; no run may begin, and what is there stays as it is.
refuses 3 "pmacrash.db" query summary
refuses 3 "pmacrash.db" show
refuses 3 "pmacrash.db" replay 1
echo "not a database, but somebody's text" >text.db
cp text.db before
for arguments in "run create" "query summary" "show" "replay 1"; do
    # shellcheck disable=SC2086
    refuses 3 "text.db" $arguments --db text.db
    cmp -s text.db before || fail "text.db was changed by $arguments"
done
mkdir directory.db
refuses 3 "directory.db" run create --db directory.db
refuses 3 "/proc/none.db" run create --db /proc/none.db
refuses 3 "none/x.db: cannot be made in none/: No such file or directory; name another with --db" run create --db none/x.db

# A database of the future: its version (bytes 60-63 of an SQLite file) is beyond ours.
expect 0 run create --db future.db
rm -f future.db-wal future.db-shm
printf '\177\377\377\377' | dd of=future.db bs=1 seek=60 conv=notrunc status=none
cp future.db before
refuses 3 "future.db" run create --db future.db
refuses 3 "future.db" query summary --db future.db
cmp -s future.db before || fail "future.db was changed"

# A good database, asked for what it does not hold.
expect 0 run create
refuses 2 'there is no query "summry"; did you mean "summary"? There are:' query summry
refuses 2 'pmacrash.db holds no violation v99' show v99
refuses 2 'pmacrash.db holds no violation v99' replay 99
refuses 2 'pmacrash.db holds no run r99' show r99
refuses 2 'SELECT' query 'DELETE FROM run'
is 1 "SELECT count(*) FROM v_run"

# A fault or a point that nothing gets to.
expect 0 run create --fault pma/move/remap:skip
says "warning: the fault at 'pma/move/remap' never fired" err
expect 2 run create --points pma/move/remap
says "no crash point is like --points 'pma/move/remap'" err
