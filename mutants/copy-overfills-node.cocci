// SPDX-License-Identifier: MIT
// In a copy the last node of a level gets all that is left.
// class: directory
// caught-by: recording
// file: pma/src/directory_pack.c
@@ expression node, entries, nodes, larger; @@
 first_entry(...) { <...
- return node * (entries / nodes) + (node < larger ? node : larger);
+ return node < nodes ? node * (entries / nodes) : entries;
 ...> }
