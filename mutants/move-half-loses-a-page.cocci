// SPDX-License-Identifier: MIT
// Of an odd number of pages that move half by half the last one stays.
// class: move
// caught-by: recording
// file: pma/src/move.c
@@ expression arena, to, from; identifier half, pages, point; @@
 remap(...) { <...
- remap(arena, to + half, from + half, pages - half, point)
+ remap(arena, to + half, from + half, half, point)
 ...> }
