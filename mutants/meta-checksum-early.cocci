// SPDX-License-Identifier: MIT
// The record is changed after its checksum was taken.
// class: meta
// caught-by: refused not-alive
// file: pma/src/snapshot.c
@@ expression arena, slot, result; identifier meta; @@
 format_meta_seal(&meta);
+ meta.file_blocks++;
 result = write_meta(arena, &meta, slot);
