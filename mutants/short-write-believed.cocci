// SPDX-License-Identifier: MIT
// A write that writes less than it was asked to counts as whole.
// class: error
// caught-by: recording
// file: pma/src/os.c
@@ identifier count, written; @@
 os_write(...) { <...
- count -= (size_t)written;
+ count = 0;
 ...> }
