// SPDX-License-Identifier: MIT
// A copy that could not be written goes unnoticed.
// class: error
// caught-by: lost mix recording
// file: pma/src/copy.c
@@ expression fd, address, bytes, at; @@
- os_write(fd, address, bytes, at, FAULT_COW_COPY)
+ (os_write(fd, address, bytes, at, FAULT_COW_COPY), 0)
