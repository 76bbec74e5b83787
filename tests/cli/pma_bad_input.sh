#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bad input gets one line that says what, where and what to do, and the right exit status.
# Arguments: the pma command, the program that makes arena files.
. "$(dirname "$0")/pma.bash"
arenas sample newer torn first-snapshot

: >empty.pma
echo 'hello, world' >foreign.pma
head -c 20000 /dev/zero | tr '\0' x >large.pma
head -c 100 sample.pma >stub.pma
mkfifo fifo.pma

no_arena='not a persistent memory arena; name a file that pma_create made'
for command in stat check dump; do
    refused 3 'pma: open missing.pma: No such file or directory; check the path' $command missing.pma
    refused 3 'pma: read .: Is a directory; name the arena file, not its directory' $command .
    refused 3 "pma: empty.pma: empty: $no_arena" $command empty.pma
    refused 3 "pma: fifo.pma: not a regular file: $no_arena" $command fifo.pma
    refused 3 "pma: foreign.pma (meta page 0: beyond the end of the file; meta page 1: beyond the end of the file): $no_arena" \
        $command foreign.pma
    refused 3 "pma: large.pma (meta page 0: wrong magic; meta page 1: wrong magic): $no_arena" $command large.pma
    refused 3 'pma: stub.pma (meta page 0: beyond the end of the file; meta page 1: beyond the end of the file): arena file is damaged; neither snapshot can be found; restore the file from a copy' \
        $command stub.pma
    refused 3 'pma: newer.pma (meta page 0: unknown format version; meta page 1: unknown format version): arena format version not supported by this library; use the pma command of the version that made it' \
        $command newer.pma
    refused 3 'pma: torn.pma (meta page 0: wrong checksum; meta page 1: wrong checksum): arena file is damaged; neither snapshot can be found; restore the file from a copy' \
        $command torn.pma
    refused 2 "pma $command: which file? 'pma $command FILE', or 'pma help $command'" $command
    refused 2 "pma $command: 'b' is one file too many; give one at a time" $command a b
    refused 2 "pma $command: there is no option '--jsno'; did you mean '--json'?" $command --jsno a
done
refused 3 'pma: first-snapshot.pma: there is no older snapshot, only snapshot 1; leave out --previous' \
    stat --previous first-snapshot.pma
refused 3 'pma: first-snapshot.pma: there is no older snapshot, only snapshot 1; leave out --previous' \
    check --previous first-snapshot.pma
refused 2 "pma: there is no command 'chekc'; did you mean 'check'?" chekc sample.pma
refused 2 "pma: there is no command 'explode'; 'pma help' lists what there is" explode
refused 2 "pma: there is no command 'dmp'; did you mean 'dump'?" help dmp

# A truncated arena is still walked, and says what is gone.
head -c 100000 sample.pma >truncated.pma
status=0
"$pma" check truncated.pma >out 2>err || status=$?
[ "$status" = 1 ] || fail "truncated: exit status $status"
grep -qF 'file-length: the file is 100000 bytes long, not a whole number of blocks' out
grep -qF 'file-length: the file has 24 whole blocks, meta page 0 (snapshot 7) says 64' out
grep -qF 'blocks-inside-file: snapshot 7:' out

# A disk that is full is not success.
status=0
"$pma" stat sample.pma >/dev/full 2>err || status=$?
[ "$status" = 3 ] || fail "full disk: exit status $status"
grep -qF 'writing the output: No space left on device' err

# Help comes on stdout, with status 0; the overview without any word on stderr, with status 2.
for words in help --help -h 'help stat' 'stat --help' 'check -h'; do
    "$pma" $words >out 2>err
    grep -q '^Usage: pma' out
    grep -q '^Examples:' out
    ! grep -E '.{81}' out || fail "help has lines of more than 80 columns"
    [ ! -s err ] || fail "$words complains"
done
status=0
"$pma" >out 2>err || status=$?
[ "$status" = 2 ] && [ ! -s out ] && grep -q '^Usage: pma' err || fail "no command: exit status $status"
"$pma" --version | grep -qE '^pma [0-9]+\.[0-9]+\.[0-9]+$'

# Files that look like options are reached behind --.
cp sample.pma ./--json
"$pma" stat -- --json | grep -q '^snapshot      7'
