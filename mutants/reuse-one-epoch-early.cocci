// SPDX-License-Identifier: MIT
// Blocks become free one acknowledgement too early: the older meta page still names them.
// class: reuse
// caught-by: standby recording
// file: pma/src/blocks.c
@@ expression blocks; @@
 change_all(blocks, old_limbo(blocks), FREE);
+ change_all(blocks, young_limbo(blocks), FREE);
