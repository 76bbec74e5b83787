#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every subcommand has help with examples, within 80 columns.
. "$(dirname "$0")/pmacrash.bash"

expect 0 --help
cp out overview
expect 0 help
cmp -s out overview || fail "help and --help differ"
expect 2
cmp -s err overview || fail "without a command, the overview belongs on stderr"
expect 0 --version
grep -qE '^pmacrash [0-9]+\.[0-9]+\.[0-9]+ \(.+\)$' out || fail "no version"

subcommands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' overview)
[ "$(wc -w <<<"$subcommands")" -ge 7 ] || fail "subcommands are missing"
for subcommand in $subcommands; do
    expect 0 "$subcommand" --help
    cp out help
    expect 0 help "$subcommand"
    cmp -s out help || fail "help $subcommand and $subcommand --help differ"
    says "Usage: pmacrash $subcommand"
    says "Examples: pmacrash $subcommand"
    [ -z "$(awk 'length > 80' help)" ] || fail "help of $subcommand is wider than 80 columns"
done

refuses 2 "no command 'rnu'; did you mean 'run'?" rnu
refuses 2 "no command 'shw'; did you mean 'show'?" help shw
