// SPDX-License-Identifier: MIT
// The entries at the source stay after a move.
// class: move
// caught-by: invariant mix crashed not-alive
// file: pma/src/move.c
@@ identifier move; @@
- remove_entries(move, move->from)
+ 0
