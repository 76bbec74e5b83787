// SPDX-License-Identifier: MIT
// The block of a page that was stranded in memory is never given back.
// class: space
// caught-by: recording
// file: pma/src/copy.c
@@ identifier old; expression arena; @@
 pages_rescue(...) { <...
- if (old.block)
-     space_drop(arena, old.block, 1);
 ...> }
