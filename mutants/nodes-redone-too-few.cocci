// SPDX-License-Identifier: MIT
// After a failed write the nodes of that attempt are believed.
// class: error
// caught-by: recording mix
// file: pma/src/tree.c
@@ identifier root, epoch; @@
 tree_redo(...) { <...
- root->bytes->header.epoch < epoch
+ root->bytes->header.epoch <= epoch
 ...> }
