#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A store without an adapter: a program of another language is recorded, says its marks as lines, and a command looks at what
# crashes of it leave.
. "$(dirname "$0")/pmacrash.bash"
recorder=$2

# A file that is replaced, with the syncs that it needs or without them.
cat >workload.pl <<'END'
use IO::Handle;
my ($mark, $synced) = @ARGV;
syscall(425, 1, my $ring = "\0" x 120) == -1 && $!{ENOSYS} or die 'io_uring is there';
open(my $marks, '>', $ENV{FSIM_MARKS}) or die;
$marks->autoflush(1);
print $marks "$mark 1\n";
chdir 'db';
for my $number (2, 3) {
    print $marks "begin $number\n";
    open(my $file, '>', 'data.new');
    print $file $number x 6000;
    $file->flush;
    $file->sync if $synced;
    close $file;
    rename 'data.new', 'data';
    open(my $directory, '<', '.');
    $directory->sync if $synced;
    print $marks "ack $number\n";
}
END
check='test $(wc -c <data) = 6000 && tr -s 0-9 <data && echo || echo torn'

record() { # ARGUMENT...: of the workload
    rm -rf db
    mkdir db
    perl -e 'print 1 x 6000' >db/data
    FSIM_DIRECTORY=db FSIM_TRACE=t.trace LD_PRELOAD=$recorder perl workload.pl "$@" 2>err
}

record ack synced
[ ! -s err ] || fail "the recorded program complains: $(cat err)"
[ ! -e t.trace.marks ] || fail 'the file of marks is left'
expect 0 store --trace t.trace --check "$check" --json
json '.models[0] | .violations == 0 and .complete and .recoveries > 2' true

record ack
expect 1 store --trace t.trace --check "$check" --export found
says 'lost under power-loss'
says 'Recovery finds: 1. Legal: 2.'
says 'mix under power-loss'
says 'Recovery finds: torn.'
! grep -q 'An older change of a name' out || fail 'both ends of one rename are not in any order'
[ "$(cd found/power-loss-mix && eval "$check")" = torn ] || fail 'the exported files are not what was found'

# Two names that would have to reach the disk in order.
cat >names.pl <<'END'
use IO::Handle;
open(my $marks, '>', $ENV{FSIM_MARKS}) or die;
$marks->autoflush(1);
print $marks "ack none\nbegin both\n";
for my $name ('part', 'whole') {
    open(my $file, '>', "db/$name");
    $file->sync;
}
open(my $directory, '<', 'db');
$directory->sync;
print $marks "ack both\n";
END
rm -rf db && mkdir db
FSIM_DIRECTORY=db FSIM_TRACE=names.trace LD_PRELOAD=$recorder perl names.pl
expect 1 store --trace names.trace --check '[ ! -e whole ] && echo none || { [ -e part ] && echo both || echo torn; }'
says 'the name part: 1 version older'
says 'An older change of a name is lost here, and a newer one is not.'

# What the command says of itself when it fails.
expect 1 store --trace t.trace --check 'echo broken >&2; exit 3'
says 'refused under power-loss'
says 'Recovery finds: broken.'
expect 1 store --trace t.trace --check true
says 'the check printed nothing, and ended with 0'

record begin synced
refuses 3 'made calls on files before it acknowledged' store --trace t.trace --check "$check"
record acc synced
grep -q "no trace is saved: the program wrote 'acc 1' to \$FSIM_MARKS" err || fail 'a wrong mark is not told'
[ ! -e t.trace ] || fail 'a trace with a wrong mark was saved'

record ack synced
refuses 2 'add --trace FILE' store --check "$check"
refuses 2 "leave './x.so' or --check out" store --trace t.trace --check "$check" ./x.so
refuses 2 'ADAPTER.so [ARGUMENT...], or --check' store
refuses 2 'name a directory that is empty or new' store --trace t.trace --check "$check" --export found
