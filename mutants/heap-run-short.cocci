// SPDX-License-Identifier: MIT
// The record of a large object is a page short.
// class: heap
// caught-by: invariant mix not-alive
// file: pma/src/heap_pages.c
@@ expression T, page, pages; @@
- T[page] = (struct format_heap_page){.kind = FORMAT_HEAP_START, .length = pages};
+ T[page] = (struct format_heap_page){.kind = FORMAT_HEAP_START, .length = pages - (pages > 1)};
