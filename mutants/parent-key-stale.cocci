// SPDX-License-Identifier: MIT
// The smallest page below a node is not corrected in its parent.
// class: directory
// caught-by: invariant mix recording
// file: pma/src/directory_change.c
@@ expression N, S, C; @@
 settle(...) { <...
- set_child_page(N, S, C);
 ...> }
