// SPDX-License-Identifier: MIT
// A run beside an extent is taken for it whether or not it is free.
// class: reuse
// caught-by: recording mix refused
// file: pma/src/blocks.c
@@ identifier blocks, first, count; @@
 blocks_take_at(...) { <...
- if (blocks->states[first] != FREE || run_end(blocks, first, first + count) != first + count)
-     return false;
 ...> }
