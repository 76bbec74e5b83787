// SPDX-License-Identifier: MIT
// The meta page is written without a sync of the blocks that it names.
// class: barrier
// caught-by: lost refused mix
// file: pma/src/snapshot.c
@@ expression A; @@
- os_sync_data(A, FAULT_SYNC_BLOCKS)
+ os_write(A, NULL, 0, 0, FAULT_SYNC_BLOCKS)
