// SPDX-License-Identifier: MIT
// Blocks that data could not be moved down to are nobody's.
// class: shrink
// caught-by: recording
// file: pma/src/shrink.c
@@ expression arena, block, got; @@
 move_part(...) { <...
- space_drop(arena, block, got);
+ ;
 ...> }
