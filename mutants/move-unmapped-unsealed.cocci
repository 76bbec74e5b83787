// SPDX-License-Identifier: MIT
// Changed pages that move without their mapping have no checksum.
// class: move
// caught-by: invariant mix
// file: pma/src/move.c
@@ expression arena, extent; @@
- checksum_blocks(arena, extent)
+ 0
