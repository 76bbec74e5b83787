// SPDX-License-Identifier: MIT
// After a failed sync blocks of ephemeral pages are believed.
// class: error
// caught-by: mix
// file: pma/src/rewrite.c
// model: io-error
@@ expression R; @@
 rewrite_unsynced(...) { <...
- save_tree(&R, true, rewrite_run)
+ 0
 ...> }
