// SPDX-License-Identifier: MIT
// The meta record carries the length that the file had at the snapshot before.
// class: meta
// caught-by: refused invariant recording
// file: pma/src/snapshot.c
@@ identifier meta; @@
+ meta.file_blocks = arena->recorded_blocks[arena->slot];
  format_meta_seal(&meta);
