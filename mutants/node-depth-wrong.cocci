// SPDX-License-Identifier: MIT
// The reference to a node says that it is a level deeper.
// class: directory
// caught-by: refused invariant not-alive
// file: pma/src/tree.c
@@ expression node; @@
 write_node(...) { <...
- tree_level(node) + 1
+ tree_level(node) + 2
 ...> }
