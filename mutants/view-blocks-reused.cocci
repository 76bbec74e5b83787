// SPDX-License-Identifier: MIT
// Blocks that only a view reads are free when limbo ends.
// class: views
// caught-by: recording
// file: pma/src/blocks.c
@@ expression blocks, older; @@
- hold(blocks, old_limbo(blocks), older);
+ (void)older;
