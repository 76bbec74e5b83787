// SPDX-License-Identifier: MIT
// Pages that the heap takes stay ephemeral.
// class: heap
// caught-by: recording lost invariant crashed
// file: pma/src/heap_pages.c
@@ @@
- PMA_MOVE_PERSISTENT
+ 0
