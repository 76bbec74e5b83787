// SPDX-License-Identifier: MIT
// The blocks are only handed to the device: no sync that anything may count on.
// class: barrier
// caught-by: lost refused mix
// file: pma/src/snapshot.c
@@ expression A; @@
- os_sync_data(A, FAULT_SYNC_BLOCKS)
+ os_write_back(A, 0, SIZE_MAX / 4, FAULT_SYNC_BLOCKS)
