#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `pma copy` and `pma shrink`: what they do, print, and say of bad input.
# Arguments: the pma command, the program that makes arena files.
. "$(dirname "$0")/pma.bash"
arenas sample first-snapshot flipped-bit

run 0 copy sample.pma copy.pma
says 'copy.pma: snapshot 7, event 107, 27 pages in 18 extents, 37 blocks, 148 KiB'
[ ! -s err ] || fail "copy complains, or shows its progress where there is no terminal"
run 0 check copy.pma
run 0 dump --pages --json copy.pma
jq '.pages' out >copied
run 0 dump --pages --json sample.pma
jq '.pages' out >original
cmp copied original
run 0 stat --json copy.pma
holds '.blocks.free == 0 and .blocks.limbo == 0 and .roots[5] == "0x37"'
holds '.uuid == "a0a1a2a3-a4a5-46a7-88a9-0a0b0c0d0e0f"'

run 0 copy --previous --json sample.pma previous.pma
holds '.from == "sample.pma" and .to == "previous.pma" and .snapshot == 6 and .file_blocks == 37'

refused 3 'pma: copy sample.pma to copy.pma: new file: file exists; choose another name, or remove it first' \
    copy sample.pma copy.pma
refused 3 'pma: copy flipped-bit.pma to other.pma: block 2 of page 0 fails its checksum: arena file is damaged; '"'pma check' lists the damage" \
    copy flipped-bit.pma other.pma
[ ! -e other.pma ] && [ ! -e other.pma.pma-new ] || fail "a copy of damage is left behind"
refused 3 'pma: open first-snapshot.pma: snapshot before 1: No such file or directory; leave out --previous' \
    copy --previous first-snapshot.pma other.pma
refused 3 'pma: open missing.pma: No such file or directory; check the path' copy missing.pma other.pma
refused 3 'pma: copy sample.pma to no/where.pma: directory: No such file or directory; check the path' \
    copy sample.pma no/where.pma
refused 2 "pma copy: which file? 'pma copy FILE TO', or 'pma help copy'" copy
refused 2 "pma copy: to which file? 'pma copy a TO', or 'pma help copy'" copy a
refused 2 "pma copy: 'c' is one file too many; give two" copy a b c

# The sample has 64 blocks and uses 37; a snapshot to come needs some more.
run 0 shrink --to 60 sample.pma
says 'sample.pma: 60 blocks, 16 KiB given back'
[ "$(stat -c %s sample.pma)" = $((60 * 4096)) ] || fail "the file is $(stat -c %s sample.pma) bytes long"
run 0 shrink --to 60 sample.pma
says 'sample.pma: 60 blocks, nothing to give back'
run 0 shrink --json sample.pma
holds '.file == "sample.pma" and .blocks_before == 60 and .blocks < 60 and .blocks >= 37'
run 0 check sample.pma
run 0 dump --pages --json sample.pma
jq '.pages' out >shrunken
cmp shrunken original

refused 3 'pma: open missing.pma: No such file or directory; check the path' shrink missing.pma
refused 2 "pma shrink: --to takes a number, '--to BLOCKS', not 1x" shrink --to 1x sample.pma
refused 2 "pma shrink: --to takes a number, '--to BLOCKS', not -5" shrink --to -5 sample.pma
refused 2 "pma shrink: --to takes a number, '--to BLOCKS'" shrink sample.pma --to
refused 2 "pma shrink: --to takes a number, '--to BLOCKS', not 99999999999999999999" \
    shrink --to 99999999999999999999 sample.pma

for command in copy shrink; do
    run 0 help "$command"
    says "Usage: pma $command [OPTION...] FILE"
    ! grep -E '.{81}' out || fail "help has lines of more than 80 columns"
done
