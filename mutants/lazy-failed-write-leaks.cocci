// SPDX-License-Identifier: MIT
// Blocks that stored pages could not be written to are nobody's.
// class: lazy
// caught-by: recording
// file: pma/src/lazy_capture.c
@@ expression arena, first, got; @@
 write_some(...) { <...
- space_drop(arena, first, got);
+ ;
 ...> }
