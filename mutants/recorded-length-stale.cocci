// SPDX-License-Identifier: MIT
// What a meta page says of the length of the file is noted only once.
// class: shrink
// caught-by: recording
// file: pma/src/snapshot.c
@@ @@
 take_snapshot(...) { <...
- arena->recorded_blocks[slot] = meta.file_blocks;
 ...> }
