// SPDX-License-Identifier: MIT
// An object of whole pages that gets shorter still says it has them.
// class: heap
// caught-by: recording not-alive
// file: pma/src/heap_pages.c
@@ expression heap, page, keep; @@
- heap->table[page].length = keep;
