// SPDX-License-Identifier: MIT
// A long run that was freed is not remembered as one.
// class: heap
// caught-by: recording
// file: pma/src/heap_pages.c
@@ expression G, B; @@
 end_object(...) { <...
- G->gone |= B;
 ...> }
