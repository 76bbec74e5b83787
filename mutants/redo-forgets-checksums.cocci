// SPDX-License-Identifier: MIT
// After a failed sync the nodes of the checksum tree are not written again.
// class: error
// caught-by: lost refused invariant not-alive
// file: pma/src/rewrite.c
// model: io-error
@@ expression tree, epoch; @@
- sums_redo(tree, epoch)
+ 0
