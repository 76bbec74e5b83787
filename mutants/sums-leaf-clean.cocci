// SPDX-License-Identifier: MIT
// A leaf of the checksum tree that changes is not written.
// class: checksum
// caught-by: invariant
// file: pma/src/sums.c
@@ identifier F = sums_set; expression N, D, C, B; @@
 F(...) { <...
- tree_make_dirty(N, D);
  N->bytes->sums_leaf.sums[slot_of(B, 0)] = C;
 ...> }
