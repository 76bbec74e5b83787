// SPDX-License-Identifier: MIT
// Of the blocks that are freed with their pages those of the first extent are.
// class: space
// caught-by: recording
// file: pma/src/allocate.c
@@ expression A, B, C; @@
 free_pages(...) { <...
- space_drop(A, B, C);
+ if (i == 0) space_drop(A, B, C);
 ...> }
