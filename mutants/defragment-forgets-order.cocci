// SPDX-License-Identifier: MIT
// A window of extents is moved to the page of its last one.
// class: space
// caught-by: recording mix lost
// file: pma/src/relocate.c
@@ expression spans; @@
 relocate(...) { <...
- spans[0].extent.page
+ spans[count - 1].extent.page
 ...> }
