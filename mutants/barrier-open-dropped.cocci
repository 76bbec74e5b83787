// SPDX-License-Identifier: MIT
// Open returns a snapshot that may still be in the page cache only.
// class: barrier
// caught-by: lost
// file: pma/src/recover.c
@@ expression A; @@
- os_sync_data(A, FAULT_RECOVER_SYNC)
+ os_write(A, NULL, 0, 0, FAULT_RECOVER_SYNC)
