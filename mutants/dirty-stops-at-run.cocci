// SPDX-License-Identifier: MIT
// Pages are made writable up to where the first run of blocks ends.
// class: dirty
// caught-by: recording
// file: pma/src/touch.c
@@ identifier page, end, result; @@
 dirty_pages(...) { <...
- page < end && !result
+ page == first && !result
 ...> }
