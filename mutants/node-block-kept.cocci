// SPDX-License-Identifier: MIT
// The block of a node that was written anew is never given back.
// class: space
// caught-by: recording
// file: pma/src/tree.c
@@ expression host, node; @@
 write_node(...) { <...
- if (node->block != 0)
-     host->drop(host->context, node->block);
 ...> }
