// SPDX-License-Identifier: MIT
// The upper half of a split node begins one entry late.
// class: directory
// caught-by: mix invariant lost recording
// file: pma/src/directory_change.c
@@ expression step, right, half; @@
- directory_node_move(right, 0, step->node, half, directory_node_count(step->node) - half);
+ directory_node_move(right, 0, step->node, half + 1, directory_node_count(step->node) - half - 1);
