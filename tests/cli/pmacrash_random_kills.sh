#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Ten thousand kills at random instants, over all scenarios in both ways of copying.
. "$(dirname "$0")/pmacrash.bash"

expect 0 run --mode kill --kills 10000
tail -n 12 out
is 10000 "SELECT recoveries FROM v_run"
is 0 "SELECT violations FROM v_run"
