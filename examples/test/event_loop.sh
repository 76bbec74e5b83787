#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Counts go on where they were answered last, also after a kill between two events.
set -euo pipefail
loop=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

[ "$(echo to be or not to be | "$loop" words.pma | tail -1)" = '6 be 2' ]
[ "$(echo be | "$loop" words.pma)" = '7 be 3' ]

# Every answer given before the kill stands, and nothing more happened.
coproc "$loop" words.pma
running=$COPROC_PID # bash forgets it once the program is gone
for i in $(seq 20); do
    echo "word$((i % 7))" >&"${COPROC[1]}"
    read -r answer <&"${COPROC[0]}"
    [ "$answer" = "$((7 + i)) word$((i % 7)) $(((i + 6) / 7))" ]
done
kill -9 "$running"
wait "$running" || true
[ "$(echo word6 not | "$loop" words.pma | tr '\n' ' ')" = '28 word6 4 29 not 2 ' ]

# A long text, against another way to count.
for i in $(seq 3000); do echo "w$((i * i % 101))"; done >text
"$loop" long.pma <text >answers
sort text | uniq -c | awk '{print $2, $1}' | sort >expected
awk '{last[$2] = $3} END {for (word in last) print word, last[word]}' answers | sort >counted
cmp expected counted
