// SPDX-License-Identifier: MIT
// A page takes stores on the block it has although a snapshot names it.
// class: evict
// caught-by: lost mix
// file: pma/src/copy.c
@@ expression count, arena, extent; @@
- while (count < extent->length && blocks_is_born(arena->blocks, extent->block + count))
+ while (count < extent->length)
    count++;
