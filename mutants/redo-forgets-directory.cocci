// SPDX-License-Identifier: MIT
// After a failed sync the nodes of the directory are not written again.
// class: error
// caught-by: lost refused recording
// file: pma/src/rewrite.c
// model: io-error
@@ expression tree, epoch; @@
- directory_redo(tree, epoch)
+ 0
