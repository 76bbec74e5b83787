// SPDX-License-Identifier: MIT
// The checksum of a meta record does not cover where the heap's record is.
// class: checksum
// caught-by: mix
// file: pma/src/format.c
// model: torn
@@ expression meta; @@
 meta_checksum(...) { <...
 format_checksum(meta, offsetof(struct format_meta,
- checksum
+ heap
 ))
 ...> }
