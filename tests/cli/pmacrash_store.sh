#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A store of somebody else's: LMDB is right when it is safe, wrong when it is told not to sync, and recorded by the preloaded
# recorder it is the same.
. "$(dirname "$0")/pmacrash.bash"
adapter=$2 play=$3 recorder=$4

expect 0 store "$adapter" --json
json '.store' lmdb
json '.models[0] | .violations == 0 and .complete and .recoveries > 0' true
expect 0 store "$adapter" writemap
expect 1 store "$adapter" nosync writemap
says 'lost under power-loss'
says 'mix under power-loss'
says 'Recovery finds: commit a. Legal: commit b.'
says '1 version older'

mkdir db
"$play" setup db "$adapter"
FSIM_DIRECTORY=$PWD/db FSIM_TRACE=db.trace LD_PRELOAD=$recorder "$play" record db "$adapter" nosync
expect 1 store --trace db.trace --json "$adapter"
json '.models[0].first | has("lost")' true

refuses 2 "no setting 'fast'" store "$adapter" fast
refuses 2 'cannot open shared object file' store ./nothing.so
refuses 2 'is no adapter: it does not define fsim_store' store libm.so.6
head -c 100 /dev/zero >db.trace
refuses 2 'no trace, or damaged' store --trace db.trace "$adapter"
