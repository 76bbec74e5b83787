#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every call and every fault point fails at every hit of every scenario, once and for good.
. "$(dirname "$0")/pmacrash.bash"

expect 0 run --sweep all --json --quiet
json .totals.violations 0
json .totals.complete true
json '[.scenarios[] | .recordings > 0] | all' true
