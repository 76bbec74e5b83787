// SPDX-License-Identifier: MIT
// After a failed sync the data blocks are believed.
// class: error
// caught-by: lost mix recording
// file: pma/src/rewrite.c
// model: io-error
@@ expression R; @@
- save_tree(R, false, rewrite_run)
+ 0
