// SPDX-License-Identifier: MIT
// The block of a node that is gone is never given back.
// class: space
// caught-by: recording
// file: pma/src/tree.c
@@ expression host, node; @@
 tree_discard(...) { <...
- if (node->block != 0)
-     host->drop(host->context, node->block);
 ...> }
