#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What people read fits 80 columns, or those that --width says, and so do pages of numbers that would be wider.
. "$(dirname "$0")/pmacrash.bash"

# Commands to type are not broken: they would not work.
fits() { # COLUMNS
    local wide
    wide=$(grep -vE "^ +([^ ]*/)?pmacrash " out | awk -v most="$1" 'length > most')
    [ -z "$wide" ] || fail "wider than $1 columns: $wide"
}

expect 0 --help
fits 80
for command in $(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out); do
    expect 0 "$command" --help
    fits 80
    expect 0 "$command" --help --width 60
    fits 80
done

expect 0 run 'move-*' --quiet
fits 80
grep -q 'viola-' out || fail "the table was to be wide"
expect 0 run create --quiet --width 120 --color always
grep -q 'violations' out || fail "--width 120 was not used"
grep -q $'\033\[32mall 2' out || fail "clean is green"
expect 0 run create --quiet --search bounded --bound 1 --color always
grep -q $'\033\[33mall 2' out || fail "what is incomplete is yellow"
expect 1 run first-snapshot --fault 'pma/sync/blocks:skip' --quiet --copying eager --color always
grep -q $'\033\[31mall 1' out || fail "violations are red"
id=$(value "SELECT min(violation) FROM v_violation")
for arguments in "show r1" "show r4" "show v$id" "list scenarios" "list points" "list models" "list invariants" "list queries" \
    "list operations" "compare r1 r4" "db info" "selftest create --copying eager --quiet" "audit create --copying eager --quiet --work ."; do
    # shellcheck disable=SC2086
    "$pmacrash" $arguments >out 2>err || [ "$?" = 1 ] || fail "$arguments: $(cat err)"
    [ "$(wc -l <out)" -ge 4 ] || fail "$arguments says nothing"
    fits 80
done
expect 0 list scenarios --width 40
fits 40
expect 0 show r1 --width 50
fits 50

# Nothing is lost where a table is wrapped.
expect 0 list points --width 50
for point in $("$pmacrash" list points --json | jq -r '.[].name'); do
    tr -d ' \n' <out | grep -qF "${point:0:6}" || fail "$point is missing"
done

refuses 2 "no way of colouring 'sometimes'" list models --color sometimes
refuses 2 "--width takes a number from 20" list models --width 5
