// SPDX-License-Identifier: MIT
// A committed block takes stores where it is, behind one that no snapshot names.
// class: evict
// caught-by: mix standby
// file: pma/src/copy.c
@@ expression arena, first; identifier count; @@
 born_pages(...) { <...
- blocks_is_born(arena->blocks, first + count)
+ blocks_is_born(arena->blocks, first)
 ...> }
