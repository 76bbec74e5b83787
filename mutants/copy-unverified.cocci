// SPDX-License-Identifier: MIT
// A block that is not mapped is copied without a look at its checksum, and the copy gets a right one.
// class: checksum
// caught-by: mix
// model: media
// file: pma/src/copy.c
@@ identifier result; expression arena, old; @@
 copy_blocks(...) { <...
- result = pages_may_map(arena, old);
 ...> }
