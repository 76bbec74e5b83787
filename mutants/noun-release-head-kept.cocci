// SPDX-License-Identifier: MIT
// The head of a noun that goes keeps the reference to it.
// class: noun
// caught-by: mix recording
// file: pma/src/noun_heap.c
@@ expression R, dead, cell; @@
- R = let_go(arena, &dead, cell.head);
+ R = 0;
