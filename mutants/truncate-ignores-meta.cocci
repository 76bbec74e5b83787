// SPDX-License-Identifier: MIT
// The file is cut where the older meta page still names blocks.
// class: shrink
// caught-by: standby refused recording
// file: pma/src/space.c
@@ identifier recorded; expression arena; @@
- larger(recorded, blocks_end(arena->blocks))
+ blocks_used_end(arena->blocks)
