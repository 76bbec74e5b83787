// SPDX-License-Identifier: MIT
// Meta page first, sync of blocks after it.
// class: barrier
// caught-by: lost refused mix
// file: pma/src/snapshot.c
@@ expression A; @@
- os_sync_data(A, FAULT_SYNC_BLOCKS)
+ os_write(A, NULL, 0, 0, FAULT_SYNC_BLOCKS)

@@ expression A; @@
- os_sync_data(A, FAULT_SYNC_META)
+ (os_sync_data(A, FAULT_SYNC_META) ?: os_sync_data(A, FAULT_SYNC_BLOCKS))
