// SPDX-License-Identifier: MIT
// With a stack the range goes that was reserved last.
// class: stack
// caught-by: recording
// file: pma/src/reserve.c
@@ identifier at, page; @@
 reserve_cancel(...) { <...
- while (*at && (*at)->page != page)
-     at = &(*at)->next;
 ...> }
