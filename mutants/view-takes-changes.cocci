// SPDX-License-Identifier: MIT
// A view does what only a writer may.
// class: views
// caught-by: recording
// file: pma/src/call.c
@@ expression E, arena; @@
 refuse(...) { <...
- return E && arena->read_only ? PMA_EREADONLY : 0;
+ return 0;
 ...> }
