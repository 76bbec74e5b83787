// SPDX-License-Identifier: MIT
// Two nodes become one though their entries do not fit into it.
// class: directory
// caught-by: invariant refused recording
// file: pma/src/directory_change.c
@@ @@
 merge(...) { <...
- left_count + right_count <= directory_node_most(directory, tree_level(left))
+ left_count + right_count <= directory_node_most(directory, tree_level(left)) + 1
 ...> }
