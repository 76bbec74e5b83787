// SPDX-License-Identifier: MIT
// The pages of a record that could not be written stay allocated.
// class: heap
// caught-by: recording mix
// file: pma/src/heap_state.c
@@ expression A, F, P, result; @@
 heap_create_slowly(...) { <...
- if (result && directory_remove(A, F, P))
-     arena_poison(...);
 ...> }
