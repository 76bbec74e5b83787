// SPDX-License-Identifier: MIT
// Of a move that fails halfway the first mappings stay where they went.
// class: move
// caught-by: recording
// file: pma/src/move.c
@@ @@
 move_mappings(...) { <...
- move_mapping_back(move, &move->spans.items[--moved]);
+ (void)(&move_mapping_back), --moved;
 ...> }
