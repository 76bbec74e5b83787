// SPDX-License-Identifier: MIT
// An extent that goes takes one page off the count.
// class: directory
// caught-by: invariant recording
// file: pma/src/directory_change.c
@@ @@
 erase(...) { <...
- directory->pages -= directory_node_extent(leaf, i).length;
+ directory->pages -= 1;
 ...> }
