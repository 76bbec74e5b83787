// SPDX-License-Identifier: MIT
// The tail of a dead cell keeps its reference.
// class: noun
// caught-by: invariant mix
// file: pma/src/noun_heap.c
@@ expression arena, dead; identifier cell, result; @@
- result = let_go(arena, &dead, cell.tail);
+ result = 0;
