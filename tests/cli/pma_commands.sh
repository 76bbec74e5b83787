#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What `pma stat`, `check` and `dump` print of sound and damaged arenas, as text and as JSON.
# Arguments: the pma command, the program that makes arena files.
. "$(dirname "$0")/pma.bash"
arenas sample heap first-snapshot flipped-bit flipped-root
narrow() { ! grep -E '.{81}' out || fail "lines of more than 80 columns"; }

run 0 stat sample.pma
says 'snapshot      7'
says 'event         107'
says 'base          0x7e8000000000'
says 'directory     3 levels, 8 nodes'
says '  used        37'
says '  limbo       6'
says '  free        21'
says 'root 5        0x37'
says 'meta page 1   snapshot 6, event 106'
narrow
[ ! -s err ] || fail "stat of a sound arena complains"

run 0 stat --previous sample.pma
says 'snapshot      6'
says 'meta page 1   snapshot 6, event 106 (shown here)'

run 0 stat first-snapshot.pma
says 'directory     empty'
says 'meta page 1   no snapshot: never written'

run 0 stat --json sample.pma
holds '.snapshot == 7 and .blocks.used + .blocks.limbo + .blocks.free == .blocks.file'
holds '.base == "0x7e8000000000" and (.roots | length) == 32 and .roots[5] == "0x37"'
holds '.meta[1].snapshot == 6 and .uuid == "a0a1a2a3-a4a5-46a7-88a9-0a0b0c0d0e0f"'

run 0 stat heap.pma
says 'heap          4 objects, 20864 bytes'
says '  used        6 pages'
says '  record      5'
run 0 stat --json heap.pma
holds '.heap.objects == 4 and .heap.used_pages == 6'
run 0 dump --heap heap.pma
says '           0  0x7e8000000000          5 record'
says '           5  0x7e8000005000          1 chunks    128      3'
narrow
run 0 dump --heap --json heap.pma
holds '[.heap[] | select(.kind == "object")] | length == 1 and .[0].pages == 5'

run 1 stat flipped-root.pma
grep -qF "1 finding; 'pma check' lists it" err

run 0 check sample.pma
says 'every'
narrow
run 0 check --quiet sample.pma
[ ! -s out ] || fail "--quiet prints"

run 1 check flipped-bit.pma
says 'checksums-match: snapshot 7: block 2 (page 0): the data does not have the'
says 'checksums-match: snapshot 6 (older): block 2 (page 0)'
narrow
run 1 check --quiet flipped-bit.pma
[ ! -s out ] && [ ! -s err ] || fail "--quiet prints"

run 1 check flipped-root.pma
run 0 check --previous flipped-root.pma
says 'snapshot 6'
run 1 check --json flipped-bit.pma
holds '.count == 2 and (.findings | length) == 2 and .findings[0].rule == "checksums-match"'
run 0 check --json sample.pma
holds '.findings == [] and .used_blocks == 37 and .limbo_blocks == 6'
run 3 check --json nowhere.pma
holds '.error | startswith("open nowhere.pma")'

run 0 dump sample.pma
says '          12  0x7e800000c000          2           37         39        0'
says '          16  0x7e8000010000          1         hole         39        1'
narrow
run 0 dump --previous sample.pma
says '          12  0x7e800000c000          2            6'
run 0 dump --nodes sample.pma
says 'directory     2        41         0       2          0         69       7'
narrow
run 0 dump --pages sample.pma
says 'page 16 at 0x7e8000010000: hole of 1 page'
says '|>ELSZahov}......|'
narrow
run 1 dump --nodes flipped-root.pma
says 'BAD'

run 0 dump --json --nodes --extents --pages sample.pma
holds '(.nodes | length) == 9 and (.extents | length) == 18 and (.pages | length) == 27'
holds '[.extents[].length] | add == 27'
holds '(.pages[0].data | length) == 8192 and .pages[6].data == null'
holds '.extents[0].address == "0x7e8000000000" and (.nodes | all(.sum_ok))'

# Names are bytes: quotes, line ends and bytes that are no UTF-8 must not break the JSON.
odd=$'odd "name"\n\xff\xc3\xa9.pma'
cp sample.pma "$odd"
for command in stat check dump; do
    run 0 "$command" --json "$odd"
    holds '.file | startswith("odd \"name\"\n")'
done
