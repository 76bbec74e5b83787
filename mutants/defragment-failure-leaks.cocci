// SPDX-License-Identifier: MIT
// Blocks that extents could not be moved to are nobody's.
// class: directory
// caught-by: recording
// file: pma/src/defragment.c
@@ expression E1, E2, E3; @@
 move(...) { <...
- space_drop(E1, E2, E3);
 ...> }
