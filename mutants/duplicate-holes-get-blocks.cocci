// SPDX-License-Identifier: MIT
// In a copy pages that have no block share one with what follows.
// class: copy
// caught-by: recording
// file: pma/src/duplicate.c
@@ @@
 copy_extent(...) { <...
- if (extent->block)
-     fresh.block = copying->next;
+ fresh.block = copying->next;
 ...> }
