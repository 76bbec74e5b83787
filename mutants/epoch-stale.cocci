// SPDX-License-Identifier: MIT
// Nodes carry the number of the snapshot before.
// class: meta
// caught-by: invariant recording
// file: pma/src/snapshot.c
@@ expression arena, number; identifier nodes, writer; @@
- const struct directory_writer writer = {&nodes, take_block, gather_node, number};
+ const struct directory_writer writer = {&nodes, take_block, gather_node, number - 1};
