// SPDX-License-Identifier: MIT
// A node right behind the new end of the file stays there.
// class: shrink
// caught-by: recording
// file: pma/src/directory.c
@@ expression node, first; @@
 vacate_below(...) { <...
- node->block >= first
+ node->block > first
 ...> }
