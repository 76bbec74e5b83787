// SPDX-License-Identifier: MIT
// More nodes than there is room for are gathered for one write.
// class: space
// caught-by: recording crashed invariant
// file: pma/src/snapshot.c
@@ identifier nodes, block; @@
- nodes->count == ARENA_STAGING ||
  block != nodes->block + nodes->count
