// SPDX-License-Identifier: MIT
// A checksum leaf behind the new end of the file is written anew only if something else marks its parent.
// class: shrink
// caught-by: recording
// file: pma/src/sums.c
@@ identifier some; expression child; @@
 vacate_below(...) { <...
- some = some || child->dirty;
 ...> }

@@ expression child; @@
 cut_below(...) { <...
- if (child && child->dirty)
-     tree_make_dirty(...);
 ...> }
