// SPDX-License-Identifier: MIT
// The parent of a checksum node that is to be written below the new end of the file is not.
// class: shrink
// caught-by: recording
// file: pma/src/sums.c
// equivalent: sums_cut, which follows in the same snapshot wherever a limit stands, marks the parent of every dirty node. Where the limit was lifted in between nothing has to move any more, and a node that is dirty below a clean parent holds what the disk has, since sums_set marks the whole way down.
@@ identifier some; expression child; @@
 vacate_below(...) { <...
- some = some || child->dirty;
 ...> }
