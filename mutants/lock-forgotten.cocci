// SPDX-License-Identifier: MIT
// A second process may open the arena for writing.
// class: open
// caught-by: recording
// file: pma/src/recover.c
@@ expression fd, exclusive; @@
- os_lock(fd, exclusive, FAULT_OPEN_LOCK)
+ os_write(fd, NULL, 0, 0, FAULT_OPEN_LOCK)
