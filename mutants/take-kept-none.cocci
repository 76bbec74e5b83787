// SPDX-License-Identifier: MIT
// Data may take the last blocks, which the next nodes need.
// class: space
// caught-by: recording
// file: pma/src/space.c
@@ expression kept, arena; @@
 space_take_data(...) { <...
- kept = blocks_for_nodes(arena);
+ kept = 0;
 ...> }
