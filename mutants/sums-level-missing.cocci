// SPDX-License-Identifier: MIT
// The checksum tree does not get the level that the length of the file asks for.
// class: growth
// caught-by: refused invariant
// file: pma/src/sums.c
@@ expression sums, depth; @@
 sums_write(...) { <...
- deepen(sums, depth);
 ...> }
