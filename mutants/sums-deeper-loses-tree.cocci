// SPDX-License-Identifier: MIT
// A checksum tree that gets another level does not refer to what it was.
// class: growth
// caught-by: recording invariant refused
// file: pma/src/sums.c
@@ expression root, sums; @@
- *tree_ref(root, 0) = sums->root_ref;
