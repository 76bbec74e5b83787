// SPDX-License-Identifier: MIT
// Of an extent that passes the new end of the file the block right behind that stays.
// class: shrink
// caught-by: recording
// file: pma/src/shrink.c
@@ identifier part, limit; @@
 part_beyond(...) { <...
- part.page + (limit - part.block)
+ part.page + (limit - part.block) + 1
 ...> }
