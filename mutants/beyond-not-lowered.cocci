// SPDX-License-Identifier: MIT
// Blocks that were cut off still count as free ones that may not be taken.
// class: shrink
// caught-by: recording
// file: pma/src/blocks.c
@@ expression blocks, count; @@
 blocks_shrink(...) { <...
- blocks->beyond -= beyond_limit(...);
 ...> }
