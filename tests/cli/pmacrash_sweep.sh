#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each fault in turn: calls and points, once and for good; what is left of each is searched, and told.
. "$(dirname "$0")/pmacrash.bash"

# All that can fail in a small scenario, in both ways of copying.
expect 0 run create --sweep all --json --quiet
json .sweep all
json '[.scenarios[] | .recordings > 50 and .searched <= .recordings and .complete] | all' true
json .totals.violations 0

# Syncs alone are few. The model io-error brings them along.
expect 0 run first-snapshot --sweep syncs --copying eager --quiet
says 'Sweep: 8 recordings with a fault'
expect 0 run first-snapshot --model io-error --copying eager --quiet
says 'Sweep: 8 recordings with a fault'

# EIO, exit, reopen, power loss: open writes the record again, with the bytes that are there, and that counts.
expect 0 run first-snapshot --model io-error --copying eager --depth 2 --quiet
says "no violations"

# What close cannot unmap at once it unmaps in two steps.
expect 0 run first-snapshot --fault 'call/munmap@1:error' --copying eager --quiet

# A violation names its fault, and others of the plan: here a barrier is left out beside it.
expect 1 run first-snapshot --fault 'pma/sync/blocks:skip' --sweep syncs --copying eager --quiet --shrink none --max-violations 0
id=$(value "SELECT min(violation) FROM v_violation WHERE fault LIKE '%error%'")
expect 0 show "v$id"
says 'The fault that was planned call/f'
expect 0 show "v$id" --json
json '.fault | endswith("error:EIO,pma/sync/blocks:skip")' true

refuses 2 "no sweep 'cals'; did you mean 'calls'?" run --sweep cals
refuses 2 '--errors says what a sweep fails with; add --sweep calls, say' run --errors EIO
refuses 2 "--errors 'EFOO': 'EFOO' is no error code" run --sweep calls --errors EFOO
refuses 2 '--sweep records faults to simulate crashes, --mode kill does neither' run --sweep calls --mode kill
