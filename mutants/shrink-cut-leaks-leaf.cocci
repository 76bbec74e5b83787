// SPDX-License-Identifier: MIT
// A leaf that is cut off and not in memory keeps its block.
// class: shrink
// caught-by: recording
// file: pma/src/sums.c
@@ expression E1, E2; @@
 discard_child(...) { <...
- sums->host->drop(E1, E2);
+ ;
 ...> }
