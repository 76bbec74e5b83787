// SPDX-License-Identifier: MIT
// A page moved to a persistent range stays ephemeral.
// class: move
// caught-by: lost mix crashed
// file: pma/src/move.c
@@ identifier target, move; @@
- if (move->flags & (PMA_MOVE_PERSISTENT | PMA_MOVE_EPHEMERAL))
-     target.ephemeral = move->flags & PMA_MOVE_EPHEMERAL;
