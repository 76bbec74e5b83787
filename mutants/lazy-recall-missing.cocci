// SPDX-License-Identifier: MIT
// After a failed sync pages that are in memory are not written from there again.
// class: error
// caught-by: lost mix
// file: pma/src/rewrite.c
// equivalent: the blocks are then read back and compared with their checksums, as those of pages that are not in memory are
@@ expression arena, run; @@
- lazy_recall(arena, run)
+ 0
