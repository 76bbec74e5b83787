// SPDX-License-Identifier: MIT
// The checksum of a meta record does not cover the root words and what follows them.
// class: checksum
// caught-by: mix standby lost refused
// file: pma/src/format.c
// model: torn
@@ expression meta; @@
 meta_checksum(...) { <...
 format_checksum(meta, offsetof(struct format_meta,
- checksum
+ roots
 ))
 ...> }
