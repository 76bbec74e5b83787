// SPDX-License-Identifier: MIT
// The record still has a large object where it was before it moved.
// class: heap
// caught-by: invariant recording
// file: pma/src/heap_pages.c
@@ expression heap, from; @@
 heap_pages_move(...) { <...
- end_object(heap, from);
 ...> }
