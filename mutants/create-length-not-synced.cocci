// SPDX-License-Identifier: MIT
// The new file gets its full length only after it was synced.
// class: creation
// caught-by: refused
// file: pma/src/create.c
@@ expression fd, meta; @@
- os_allocate(fd, 0, meta->file_blocks * PMA_PAGE_SIZE, FAULT_CREATE_GROW)
+ os_write(fd, NULL, 0, 0, FAULT_CREATE_GROW)

@@ expression fd; @@
- os_sync(fd, FAULT_CREATE_SYNC)
+ (os_sync(fd, FAULT_CREATE_SYNC) ?: os_allocate(fd, 0, meta->file_blocks * PMA_PAGE_SIZE, FAULT_NONE))
