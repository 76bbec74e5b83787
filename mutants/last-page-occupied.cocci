// SPDX-License-Identifier: MIT
// The last page of a range counts as free although others lie there.
// class: space
// caught-by: recording
// file: pma/src/pages.c
@@ expression S, P, L; @@
 pages_check_free(...) { <...
- S.extent.page >= P + L
+ S.extent.page + 1 >= P + L
 ...> }
