// SPDX-License-Identifier: MIT
// The reference to the checksum tree is the one of the snapshot before.
// class: checksum
// caught-by: invariant
// file: pma/src/snapshot.c
@@ expression arena, blocks; identifier writer, meta; @@
- sums_write(&arena->sums, &writer, blocks, &meta->sums)
+ (meta->sums = arena->sums.root_ref, 0)
