// SPDX-License-Identifier: MIT
// Pages that could not be unmapped are free all the same.
// class: error
// caught-by: recording
// file: pma/src/allocate.c
@@ @@
 free_pages(...) { <...
- put_back(arena, &spans)
+ 0 && put_back(arena, &spans)
 ...> }
