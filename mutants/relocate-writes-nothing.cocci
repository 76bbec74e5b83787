// SPDX-License-Identifier: MIT
// The directory names a block to which the data was not moved.
// class: shrink
// caught-by: mix lost recording
// file: pma/src/relocate.c
@@ expression arena, extent, buffer; @@
- write_checksummed(arena, extent, buffer)
+ 0
