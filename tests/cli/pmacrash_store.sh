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

# What an adapter's library finds in pmacrash is libc's and faultsim's: a name of ours would stand in for one of its own.
libc=$(ldd "$pmacrash" | sed -n 's/.*libc\.so\.6 => \([^ ]*\).*/\1/p')
exported() { nm -D --defined-only "$1" | sed 's/.* //; s/@.*//' | sort -u; }
exported "$pmacrash" >ours
grep -q '^fsync$' ours || fail 'no wrapped calls are exported'
others=$(comm -23 ours <(exported "$libc") | grep -vE '^(fsim_.*|_.*|data_start|main)$' || true)
[ -z "$others" ] || fail "exported to adapters: $others"

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
