// SPDX-License-Identifier: MIT
// Open does not make the name durable that a killed creation left.
// class: barrier
// caught-by: lost
// file: pma/src/recover.c
@@ expression A; @@
- os_sync(A, FAULT_RECOVER_PARENT)
+ os_write(A, NULL, 0, 0, FAULT_RECOVER_PARENT)
