// SPDX-License-Identifier: MIT
// The block behind what is mapped is verified, too, whoever's it is.
// class: checksum
// caught-by: recording
// file: pma/src/pages.c
@@ identifier block; expression extent; @@
 verify(...) { <...
- block < extent->block + extent->length
+ block <= extent->block + extent->length
 ...> }
