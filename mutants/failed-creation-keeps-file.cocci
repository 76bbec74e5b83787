// SPDX-License-Identifier: MIT
// A creation that failed leaves its file open.
// class: error
// caught-by: recording
// file: pma/src/create.c
@@ expression fd; @@
 create_arena(...) { <...
- os_close(fd, FAULT_NONE);
+ (void)fd;
 ...> }
