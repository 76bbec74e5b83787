#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a database holds, what prune removes and what it leaves, and a run exported in each form.
. "$(dirname "$0")/pmacrash.bash"
golden=$2

fresh() {
    rm -f pmacrash.db*
    sqlite3 pmacrash.db <"$golden/campaign.sql" >/dev/null
}
runs() { # WANTED: the numbers of the runs that are there
    local got
    got=$(sqlite3 pmacrash.db 'SELECT group_concat(id) FROM (SELECT id FROM run ORDER BY id)')
    [ "$got" = "$1" ] || fail "runs $got, not $1"
}

# Size, version, runs, rows.
fresh
expect 0 db
says "schema version"
says "runs 5"
expect 0 db info --json
json '.rows.violation' 4
json '.runs_with_violations' 1
json '.bytes' "$(stat -c %s pmacrash.db)"
expect 0 db --csv
grep -q '^"rows in violation",4' out || fail "no rows in CSV"
sqlite3 old.db <"$golden/schema-0002.sql" >/dev/null
expect 0 db info --json --db old.db
json .schema 2
[ "$(sqlite3 old.db 'PRAGMA user_version')" = 2 ] || fail "info changed the database"

# Prune says what it does, and does it; what hangs on a run goes with it, and the file shrinks.
expect 0 db prune --keep 2 --dry-run
says "would remove r2, 2024-06-04, violations, 4 violations: pmacrash run"
says "3 runs would be removed, and with them 4 violations."
runs 1,2,3,4,5
before=$(stat -c %s pmacrash.db)
expect 0 db prune --keep 2
says "remove r1, 2024-06-03, clean: pmacrash run"
says "3 runs are gone, and with them 4 violations, which cannot be replayed any more; pmacrash.db went from"
runs 4,5
[ "$(stat -c %s pmacrash.db)" -lt "$before" ] || fail "the file has not shrunk"
[ "$(sqlite3 pmacrash.db 'SELECT (SELECT count(*) FROM violation) + (SELECT count(*) FROM pragma_foreign_key_check)')" = 0 ] ||
    fail "something is left of the runs that were removed"
expect 0 query summary
expect 0 query barriers
says "legal snapshot"
expect 0 db prune --keep 2
says "No run was removed."

# What is kept: the latest, what somebody would miss, what may still go on. Both limits together.
fresh
sqlite3 pmacrash.db "UPDATE run SET kept_for = 'baseline.txt' WHERE id = 2;
    UPDATE run SET outcome = NULL, started = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = 3;
    UPDATE run SET started = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-10 days') WHERE id = 4"
expect 0 db prune --older 20 --keep 1
says "keep r2, 2024-06-04, violations, 4 violations: it is kept for baseline.txt: pmacrash run"
runs 2,3,4,5
expect 0 db prune --keep 1 --json
json '[.[] | select(.spared) | .run] | tostring' '[2,3]'
json '[.[] | select(.spared == null) | .run] | tostring' '[4]'
runs 2,3,5
expect 0 db prune --older 1
runs 2,3,5
sqlite3 pmacrash.db "INSERT INTO selftest SELECT 2, 'another', started, outcome, 1, '', '', '', '', '', 1, 1, 1 FROM selftest"
expect 0 db prune --keep 1
says "So are 1 self-tests."
[ "$(sqlite3 pmacrash.db 'SELECT group_concat(id) FROM selftest; SELECT count(*) FROM barrier')" = $'2\n0' ] || fail "the self-test is still there"

# Export: the views as JSON and CSV, and a database from which a violation is replayed.
fresh
expect 0 db export r2
json '.v_violation | length' 4
json '.v_run[0].run' 2
json 'keys | contains(["v_coverage", "v_nested", "v_scenario", "v_total"])' true
expect 0 db export latest
json '.v_run[0].run' 5
expect 0 db export 2 r2.json
jq -e '.v_violation | length == 4' r2.json >/dev/null || fail "r2.json is not what was printed"
expect 0 db export 2 csv
[ "$(head -c 4 csv/v_run.csv)" = run, ] || fail "no CSV of the run"
expect 0 db export 2 r2.db
[ "$(stat -c %s r2.db)" -lt "$(stat -c %s pmacrash.db)" ] || fail "one run takes more room than five"
expect 1 compare pmacrash.db:1 r2.db:2
expect 0 compare pmacrash.db:2 r2.db:2 --json
json '.differences | tostring' '[]'
expect 1 replay v1 --db r2.db
expect 0 db export 1 old-run.db --db old.db
expect 0 query summary --db old-run.db

refuses 2 "db prune wants to know what: --keep N (the latest), --older DAYS, or both" db prune
refuses 2 "no action of db 'inof'; did you mean 'info'?" db inof
refuses 2 "db export wants to know which run" db export
refuses 2 "pmacrash.db holds no run r9" db export r9
refuses 2 "db info does not know what to do with 'x'" db info x
refuses 2 "--keep takes a number from 1 on, not '0'" db prune --keep 0
refuses 3 "r2.db: is there already; name a new file" db export 2 r2.db
refuses 3 "r2.json: File exists; name a new file" db export 2 r2.json
refuses 3 "csv: Directory not empty; name a directory that is empty or new" db export 2 csv
