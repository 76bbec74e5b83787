// SPDX-License-Identifier: MIT
// Success is reported before the meta page is durable.
// class: barrier
// caught-by: lost
// file: pma/src/snapshot.c
@@ expression A; @@
- os_sync_data(A, FAULT_SYNC_META)
+ os_write(A, NULL, 0, 0, FAULT_SYNC_META)
