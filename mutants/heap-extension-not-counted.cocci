// SPDX-License-Identifier: MIT
// Pages that an object gets where it is are not counted as used.
// class: heap
// caught-by: not-alive recording
// file: pma/src/heap_pages.c
@@ identifier more; expression heap; @@
- heap->header->used_pages += more;
