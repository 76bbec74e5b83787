// SPDX-License-Identifier: MIT
// Pages that are given out stay on the free list.
// class: heap
// caught-by: invariant mix crashed
// file: pma/src/heap_free.c
@@ expression L, E; @@
 heap_free_remove(...) { <...
- L &= E;
 ...> }
