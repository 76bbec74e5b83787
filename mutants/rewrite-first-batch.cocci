// SPDX-License-Identifier: MIT
// Of many extents that a failed sync may have lost, the first ones are written again.
// class: error
// caught-by: mix lost recording
// file: pma/src/rewrite.c
// model: io-error
@@ @@
 save_tree(...) { <...
- gathering.count == BATCH && !result
+ 0
 ...> }
