// SPDX-License-Identifier: MIT
// A new file gets its name before its content is durable.
// class: barrier
// caught-by: refused
// file: pma/src/create.c
@@ expression A; @@
- os_sync(A, FAULT_CREATE_SYNC)
+ os_write(A, NULL, 0, 0, FAULT_CREATE_SYNC)
