// SPDX-License-Identifier: MIT
// The checksum of a meta record leaves its root words out.
// class: checksum
// caught-by: mix refused not-alive
// file: pma/src/format.c
// model: torn
@@ expression meta; @@
- format_checksum(meta, offsetof(struct format_meta, checksum))
+ format_checksum(meta, offsetof(struct format_meta, roots))
