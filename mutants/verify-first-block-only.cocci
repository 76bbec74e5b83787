// SPDX-License-Identifier: MIT
// Only the first block of what is mapped is verified.
// class: checksum
// caught-by: mix refused
// model: media
// file: pma/src/pages.c
@@ identifier block; expression extent; @@
 verify(...) { <...
- block < extent->block + extent->length
+ block == extent->block
 ...> }
