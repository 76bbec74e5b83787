// SPDX-License-Identifier: MIT
// The old limbo is the young one.
// class: reuse
// caught-by: recording
// file: pma/src/blocks.c
@@ identifier blocks; @@
 old_limbo(...) { <...
- blocks->acknowledged % 2 == 0 ? LIMBO_ODD : LIMBO_EVEN
+ blocks->acknowledged % 2 == 0 ? LIMBO_EVEN : LIMBO_ODD
 ...> }
