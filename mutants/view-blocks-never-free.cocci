// SPDX-License-Identifier: MIT
// What only a view read is not free when it is closed.
// class: views
// caught-by: recording
// file: pma/src/blocks.c
@@ expression blocks, block; @@
- change(blocks, block, 1, HELD, FREE);
+ (void)block;
