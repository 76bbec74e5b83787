// SPDX-License-Identifier: MIT
// Nodes that were only gathered count as written after a failed attempt.
// class: error
// caught-by: recording refused invariant mix
// file: pma/src/snapshot.c
@@ expression result, arena, number; @@
- if (result && (directory_redo(&arena->persistent, number) || sums_redo(&arena->sums, number)))
-     arena_poison(arena, result);
