// SPDX-License-Identifier: MIT
// The header does not count the pages of large objects.
// class: heap
// caught-by: invariant not-alive
// file: pma/src/heap_pages.c
@@ expression heap, pages; @@
- heap->header->used_pages += pages;
