#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is set is there for the next process, what is deleted is not, and readers need no lock.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
store=("$1" things.pma)

"${store[@]}" set apple green
"${store[@]}" set pear yellow
"${store[@]}" set apple red
[ "$("${store[@]}" get apple)" = red ]
for i in $(seq 50); do
    "${store[@]}" set "key $i" "$(printf 'x%.0s' $(seq "$i"))"
done
[ "$("${store[@]}" list | wc -l)" = 52 ]
"${store[@]}" delete pear
if "${store[@]}" get pear 2>message; then
    echo 'a deleted key is still there'
    exit 1
fi
grep -q "no key 'pear'" message
[ "$("${store[@]}" list | wc -l)" = 51 ]
[ "$("${store[@]}" get 'key 50' | wc -c)" = 51 ]

# Whoever holds the lock of the file is the writer: others may read, and are told why they may not write.
[ "$(flock things.pma "${store[@]}" get apple)" = red ]
if flock things.pma "${store[@]}" set apple blue 2>message; then
    echo 'there were two writers'
    exit 1
fi
grep -q 'in use by another process' message
