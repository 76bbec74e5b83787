// SPDX-License-Identifier: MIT
// The process that made an arena does not lock it.
// class: open
// caught-by: recording
// file: pma/src/new_file.c
@@ expression file; @@
- os_lock(file->fd, true, FAULT_CREATE_LOCK)
+ os_write(file->fd, NULL, 0, 0, FAULT_CREATE_LOCK)
