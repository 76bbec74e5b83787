// SPDX-License-Identifier: MIT
// Ephemeral pages that could not be mapped stay allocated.
// class: error
// caught-by: recording
// file: pma/src/allocate.c
@@ @@
 allocate_ephemeral_at(...) { <...
- if (directory_remove(&arena->ephemeral, page, pages))
-     arena_poison(arena, result);
 ...> }
