// SPDX-License-Identifier: MIT
// Of the blocks that a view held one is looked at when it has gone.
// class: views
// caught-by: recording
// file: pma/src/blocks.c
@@ @@
 blocks_review(...) { <...
- rest--;
+ rest = 0;
 ...> }
