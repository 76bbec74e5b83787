#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# SQLite is right with each kind of journal when it is safe, and loses or mixes commits as its manual says when it is not.
. "$(dirname "$0")/pmacrash.bash"
adapter=$2 play=$3 recorder=$4

expect 0 store "$adapter" synchronous=extra --json
json '.models[0] | .violations == 0 and .complete and .recoveries > 0' true
expect 0 store "$adapter" journal_mode=persist
expect 0 store "$adapter" journal_mode=wal synchronous=full
expect 1 store "$adapter"
says 'lost under power-loss'
says 'the name db-journal: 1 version older'
expect 1 store "$adapter" journal_mode=wal synchronous=normal --json
json '.models[0].first | keys == ["lost"]' true
expect 1 store "$adapter" synchronous=off
says 'mix under power-loss'

mkdir db
"$play" setup db "$adapter" synchronous=extra
FSIM_DIRECTORY=$PWD/db FSIM_TRACE=db.trace LD_PRELOAD=$recorder "$play" record db "$adapter" synchronous=extra
expect 0 store --trace db.trace "$adapter"

refuses 2 "no setting 'fast'" store "$adapter" fast
