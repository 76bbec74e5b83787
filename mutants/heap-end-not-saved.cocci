// SPDX-License-Identifier: MIT
// Where the heap ends stays what it was when the arena was opened.
// class: heap
// caught-by: not-alive recording mix
// file: pma/src/heap_free.c
@@ expression heap; @@
- heap->header->end = heap->end;
