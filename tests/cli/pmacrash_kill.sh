#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real kills by the command: at each hit of a fault point, at random instants, and of a library that lies.
. "$(dirname "$0")/pmacrash.bash"

expect 0 run create first-snapshot --mode kill --json
json .outcome clean
json .search kill
json .model process-kill
json '.totals.crash_points == .totals.recoveries' true
is 1 "SELECT sum(hits) = (SELECT crash_points FROM v_run) FROM v_coverage"
is 1 "SELECT sum(crashed_at) = sum(hits) FROM v_coverage"

expect 0 run create --mode kill --points 'pma/create/*' --copying eager
says "Processes killed at hits of fault points: "
is 1 "SELECT sum(crashed_at) = sum(hits) FROM v_coverage WHERE run = 2 AND point LIKE 'pma/create/%'"
is 0 "SELECT sum(crashed_at) FROM v_coverage WHERE run = 2 AND point NOT LIKE 'pma/create/%'"

# Spread over all plays, the odd ones too.
expect 0 run 'create*' first-snapshot block-reuse 'move-*' heap-sizes noun-keep 'stack-*' --mode kill --kills 201 \
    --work "$work"
says "Processes killed at random instants: 201. What each left in $work was recovered there."
is 201 "SELECT sum(recoveries) FROM v_scenario WHERE run = 3"

# A creation that claims success without the name: a page cache that survives cannot save it.
expect 1 run create --mode kill --copying eager --fault pma/create/rename:skip --json --db lie.db
json '[.violations[].verdict] | unique | .[]' lost
id=$(jq -r '.violations[0].id' <out)
expect 0 show "v$id" --db lie.db
says "Success had been reported for the new arena"
says "Where it crashed The process is killed"
says ">>> the process is killed"
says "There is no legal state to measure it against: a real kill left this one file"
expect 1 replay "v$id" --db lie.db
says "Violation v$id shows again: lost"

# Made short by killing fewer steps at the same point, with the file that this kill left.
cat >long.yaml <<'END'
scenarios:
  - name: long
    description: Nothing but the creation matters.
    create: recorded
    arena: {reserved_pages: 128, initial_blocks: 16}
    steps:
      - create: {}
      - alloc: {name: a, pages: 2}
      - write: {name: a}
      - root: {index: 1, value: 2}
      - free: {name: a}
END
expect 1 run --suites long.yaml --mode kill --copying eager --fault pma/create/rename:skip --points pma/cow/copy --db long.db \
    --shrink-time 60s
PMACRASH_DB=long.db is '3|5' "SELECT shrunk_steps || '|' || steps FROM v_violation WHERE violation = 1"
expect 1 replay v1 --db long.db

refuses 2 "no mode 'kil'; did you mean 'kill'?" run --mode kil
refuses 2 "--kills says how often --mode kill kills" run --kills 5
refuses 2 "--mode kill leaves what process-kill says; torn needs --mode simulate" run --mode kill --model torn
refuses 2 "--work $work/none: No such file or directory" run --mode kill --work "$work/none"
refuses 2 "--depth needs --mode simulate" run --mode kill --depth 2

# Where a scenario has libc calls fail, the recorder has to stand between.
expect 0 run lost-blocks --mode kill --copying eager --kills 20
