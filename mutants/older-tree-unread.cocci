// SPDX-License-Identifier: MIT
// Blocks of the older snapshot whose nodes cannot be read count as free.
// class: reuse
// caught-by: recording
// file: pma/src/space.c
@@ expression result; @@
 mark_other(...) { <...
- return result == PMA_ECORRUPT ? 0 : result;
+ return 0;
 ...> }
