#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Violations made small: pages, steps, the story, and what can be done with it elsewhere.
. "$(dirname "$0")/pmacrash.bash"
pma=$2
fault='pma/sync/blocks:skip'

# Ten steps around the three that it takes.
cat >long.yaml <<'END'
scenarios:
  - name: long
    description: Much that has nothing to do with it.
    arena: {reserved_pages: 128, initial_blocks: 16, fanout: 4}
    steps:
      - alloc: {name: x, pages: 2, at: 20}
      - root: {index: 1, value: 5}
      - free: {name: x}
      - malloc: {name: m, bytes: 100}
      - free_object: {name: m}
      - alloc: {name: b, pages: 8, at: 40}
      - stack: {pages: 16}
      - push: {}
      - root: {index: 2, value: 6}
      - pop: {}
      - alloc: {name: a, pages: 4}
      - write: {name: a, page: 1, pages: 3, bytes: 64}
      - snapshot: {count: 3}
      - reopen: {}
      - write: {name: a}
END
expect 1 run --suites long.yaml --copying eager --fault "$fault" --shrink-time 60s
id=$(value "SELECT min(violation) FROM v_violation WHERE verdict = 'mix'")
is '3|15' "SELECT shrunk_steps || '|' || steps FROM v_violation WHERE violation = $id"
is 1 "SELECT shrunk_pages FROM v_violation WHERE violation = $id"
is 'all that was written had reached the disk' "SELECT measured FROM v_violation WHERE violation = $id"

expect 0 show "v$id"
says 'The steps that it takes (3 of 15)'
says '1 alloc: {name: a, pages: '
says '3 snapshot: {}'
says 'Had all that was written reached the disk, recovery would have been right. It goes wrong when one thing alone is lost or damaged:'
says 'Lost: block'
says "pmacrash replay v$id --gdb"
[ -z "$(grep -v 'pmacrash replay' out | awk 'length > 80')" ] || fail 'show is wider than 80 columns'
[ "$(wc -l <out)" -lt 70 ] || fail 'that is no short story'
expect 0 show "v$id" --json
json .shrunk_pages 1
json .shrunk_steps 3
json '.reduced | startswith("scenarios:")' true
expect 1 replay "v$id"
expect 1 replay "v$id" --in-process
says "Violation v$id shows again: mix"

# Each part can be left out.
expect 1 run --suites long.yaml --copying eager --fault "$fault" --shrink none --db none.db
expect 1 run --suites long.yaml --copying eager --fault "$fault" --shrink-time 60s --shrink pages --db pages.db
expect 1 run --suites long.yaml --copying eager --fault "$fault" --shrink steps --shrink-time 60s --db steps.db
counts="SELECT (count(shrunk_pages) > 0) || '|' || (count(shrunk_steps) > 0) FROM v_violation"
for each in none:'0|0' pages:'1|0' steps:'0|1'; do
    PMACRASH_DB=${each%%:*}.db is "${each#*:}" "$counts"
done
refuses 2 "no way of shrinking 'all of it'" run --shrink 'all of it'

# Given to somebody who has this program and the directory: what the note says is typed as it stands.
expect 1 replay "v$id" --export away
[ "$(ls away)" = "$(printf '%s\n' README.md arena.pma scenario.yaml)" ] || fail "exported: $(ls away)"
refuses 3 '--export away: Directory not empty' replay "v$id" --export away
mkdir bin
ln -s "$pmacrash" "$pma" bin/
commands=$(sed -n 's/^    \(pma.*\)/\1/p' away/README.md | sed -n '1,3p')
grep -qF -- "--fault '$fault'" <<<"$commands" || fail "the note does not name the fault: $commands"
(
    cd away
    code=0
    PATH=$work/bin:$PATH
    sum=$(md5sum <arena.pma)
    eval "$(sed -n 1p <<<"$commands")" >ran 2>&1 || code=$?
    [ "$code" = 1 ] || fail "the exported scenario: exit code $code: $(cat ran)"
    eval "$(sed -n 2p <<<"$commands")" >shown
    grep -q '^Violation v1: ' shown || fail "not shown: $(head -1 shown)"
    code=0
    eval "$(sed -n 3p <<<"$commands")" >checked 2>&1 || code=$?
    [ "$code" = 1 ] || fail "pma check of the exported file: exit code $code"
    grep -q '^checksums-match: ' checked || fail "pma check says: $(cat checked)"
    [ "$sum" = "$(md5sum <arena.pma)" ] || fail 'pma check changed the file'
)
PMACRASH_DB=away/again.db is 1 "SELECT count(*) > 0 FROM v_violation WHERE verdict = 'mix'"

# An invariant that is broken comes with its rows.
mkdir -p data
cp -r "$(dirname "$0")"/../../results/. data/
cat >data/invariants/at-most-one-page.sql <<'END'
-- An arena has at most one page.
SELECT page, length FROM extent WHERE length > 1;
END
cat >two.yaml <<'END'
scenarios:
  - name: two
    description: An extent of two pages.
    steps:
      - alloc: {name: a, pages: 1}
      - write: {name: a}
      - snapshot: {}
      - alloc: {name: b, pages: 2}
      - write: {name: b}
      - snapshot: {}
END
export PMACRASH_DATA=$work/data
expect 1 run --suites two.yaml --copying eager --shrink pages --db rows.db
expect 0 show v1 --db rows.db
says 'The broken invariant at-most-one-page: An arena has at most one page'
says 'The rows that break it page length ---- ------'
unset PMACRASH_DATA

# In a debugger, if there is one: stopped in recovery, the file's path at hand.
if command -v gdb >/dev/null; then
    code=0
    echo 'backtrace 2' | "$pmacrash" replay "v$id" --gdb >gdb.out 2>&1 || code=$?
    grep -q '#0 .*pma_open (' gdb.out || fail "gdb did not stop in pma_open: $(cat gdb.out)"
    tr -d '\n' <gdb.out | grep -q 'path=[^ ]* "[^"]*/arena.pma"' || fail "gdb shows no path: $(cat gdb.out)"
fi
code=0
PATH=/nonexistent "$pmacrash" replay "v$id" --gdb >out 2>err || code=$?
[ "$code" = 3 ] && grep -q 'install gdb' err || fail "without gdb: exit code $code: $(cat err)"
