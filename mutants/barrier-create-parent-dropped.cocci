// SPDX-License-Identifier: MIT
// The name of a new arena is not made durable.
// class: barrier
// caught-by: lost
// file: pma/src/new_file.c
@@ expression A; @@
- os_sync(A, FAULT_CREATE_PARENT)
+ os_write(A, NULL, 0, 0, FAULT_CREATE_PARENT)
