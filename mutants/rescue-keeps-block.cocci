// SPDX-License-Identifier: MIT
// A page that was stranded and is rescued keeps its old block.
// class: dirty
// caught-by: recording
// file: pma/src/copy.c
@@ expression E; @@
 pages_rescue(...) { <...
- space_drop(arena, E, 1);
+ ;
 ...> }
