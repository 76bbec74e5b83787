// SPDX-License-Identifier: MIT
// Where private pages moved away there is nothing.
// class: move
// caught-by: recording crashed not-alive
// file: pma/src/move.c
@@ @@
 replace_private(...) { <...
- result = mapping_private(arena, from, pages, true, FAULT_MAP);
 ...> }
