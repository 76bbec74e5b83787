// SPDX-License-Identifier: MIT
// A page leaves memory for the block after the one that the directory names.
// class: evict
// caught-by: recording mix lost not-alive
// file: pma/src/copy.c
@@ identifier clean; expression fd, address, bytes, point; @@
- os_write(fd, address, bytes, clean.block * PMA_PAGE_SIZE, point)
+ os_write(fd, address, bytes, (clean.block + 1) * PMA_PAGE_SIZE, point)
