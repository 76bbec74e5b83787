// SPDX-License-Identifier: MIT
// Which snapshots name a block is forgotten when the table of blocks gets longer.
// class: views
// caught-by: recording
// file: pma/src/blocks.c
@@ expression E1, E2; @@
 make_tables_longer(...) { <...
- if (blocks->alive)
-     memcpy(E1, blocks->lives, E2);
 ...> }
