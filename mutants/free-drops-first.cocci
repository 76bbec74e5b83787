// SPDX-License-Identifier: MIT
// Of the blocks that are freed with their pages those of the first extent are.
// class: space
// caught-by: recording
// file: pma/src/allocate.c
@@ identifier i, spans; @@
 free_pages(...) { <...
 for (...;
- i < spans.count
+ i < spans.count && i < 1
 ; ...) { ... }
 ...> }
