// SPDX-License-Identifier: MIT
// The parent of an inner checksum node that leaves were cut off from is not written.
// class: shrink
// caught-by: recording
// file: pma/src/sums.c
@@ expression child; @@
 cut_below(...) { <...
- if (child && child->dirty)
-     tree_make_dirty(...);
 ...> }
