// SPDX-License-Identifier: MIT
// After a snapshot that failed, nothing below a node that it did not come to is written again.
// class: meta
// caught-by: recording refused
// file: pma/src/tree.c
@@ identifier root, epoch; @@
 tree_redo(...) { <...
- (root->bytes->header.epoch < epoch && !root->dirty)
+ root->bytes->header.epoch < epoch
 ...> }
