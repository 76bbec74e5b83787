// SPDX-License-Identifier: MIT
// The checksum of the last block of a leaf is kept in the first slot.
// class: checksum
// caught-by: recording refused invariant
// file: pma/src/sums.c
@@ expression block; @@
- block % FORMAT_SUMS_LEAF
+ block % (FORMAT_SUMS_LEAF - 1)
