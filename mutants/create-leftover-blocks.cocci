// SPDX-License-Identifier: MIT
// What a creation left behind that was cut short is in the way of the next one.
// class: creation
// caught-by: recording not-alive refused
// file: pma/src/new_file.c
@@ expression file; @@
- remove_stale(file)
+ PMA_EBUSY
