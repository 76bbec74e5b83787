#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# This repository's own gate: nothing is worse than in scenarios/baseline.txt. Where the kernel cannot copy lazily, that half is
# not asked for.
. "$(dirname "$0")/pmacrash.bash"
baseline=$2

ways=both
"$pmacrash" run create --copying lazy --quiet --db lazy.db >/dev/null 2>&1 || ways=eager
if ! "$pmacrash" check --baseline "$baseline" --copying "$ways" --quiet; then
    echo
    echo "If what is worse is meant, run this in the root of the repository, and commit the file with your change:"
    echo "  $pmacrash check --baseline scenarios/baseline.txt --update"
    exit 1
fi
