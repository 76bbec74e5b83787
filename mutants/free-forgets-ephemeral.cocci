// SPDX-License-Identifier: MIT
// Freed ephemeral pages stay in their directory.
// class: ephemeral
// caught-by: recording invariant
// file: pma/src/allocate.c
@@ expression arena, page, pages; @@
 free_pages(...) { <...
- directory_remove(&arena->ephemeral, page, pages)
+ 0
 ...> }
