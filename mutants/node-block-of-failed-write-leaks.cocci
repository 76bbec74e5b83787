// SPDX-License-Identifier: MIT
// The block that a node could not be written to is nobody's.
// class: error
// caught-by: recording
// file: pma/src/tree.c
@@ @@
 write_node(...) { <...
- host->drop(host->context, block);
 ...> }
