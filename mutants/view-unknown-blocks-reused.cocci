// SPDX-License-Identifier: MIT
// A new writer takes blocks that a view older than both meta pages reads.
// class: views
// caught-by: recording
// file: pma/src/space.c
@@ expression arena, blocks, last, pins; @@
- blocks_hold_free(blocks, last, pins);
+ (void)blocks;
