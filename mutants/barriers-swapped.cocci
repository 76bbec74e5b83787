// SPDX-License-Identifier: MIT
// Meta page first, sync of blocks after it.
// class: barrier
// caught-by: lost refused
// file: pma/src/snapshot.c
@@ expression A; @@
- os_sync_data(A, FAULT_SYNC_BLOCKS)
+ 0

@@ expression A; @@
- os_sync_data(A, FAULT_SYNC_META)
+ (os_sync_data(A, FAULT_SYNC_META) ?: os_sync_data(A, FAULT_SYNC_BLOCKS))
