// SPDX-License-Identifier: MIT
// The file is cut a block before its new end.
// class: shrink
// caught-by: recording refused
// file: pma/src/space.c
@@ expression fd, length, point; @@
- os_truncate(fd, length * PMA_PAGE_SIZE, point)
+ os_truncate(fd, (length - 1) * PMA_PAGE_SIZE, point)
