// SPDX-License-Identifier: MIT
// Pages may be moved to the range of a stack.
// class: stack
// caught-by: recording
// file: pma/src/move.c
@@ expression arena, to, pages; @@
 move_pages(...) { <...
- reserve_check_free(arena, to, pages)
+ 0
 ...> }
