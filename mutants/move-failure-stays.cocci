// SPDX-License-Identifier: MIT
// A move that failed halfway leaves the entries at the target.
// class: move
// caught-by: recording
// file: pma/src/move.c
@@ expression move, cause; @@
 move_mappings(...) { <...
- take_entries_back(move, cause);
 ...> }
