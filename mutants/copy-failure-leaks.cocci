// SPDX-License-Identifier: MIT
// A block that a page could not be copied to is nobody's.
// class: copy
// caught-by: recording
// file: pma/src/copy.c
@@ @@
 copy_to_blocks(...) { <...
- space_drop(arena, fresh.block, fresh.length);
 ...> }
