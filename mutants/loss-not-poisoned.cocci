// SPDX-License-Identifier: MIT
// What a failed sync lost cannot be written again, and the arena goes on.
// class: error
// caught-by: recording
// file: pma/src/snapshot.c
@@ @@
 sync_blocks(...) { <...
- arena_poison(arena, result);
 ...> }
