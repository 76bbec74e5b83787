// SPDX-License-Identifier: MIT
// The copy for a store takes the content of the page before.
// class: copy
// caught-by: mix recording not-alive
// file: pma/src/copy.c
@@ expression arena, old; identifier content; @@
 copy_blocks(...) { <...
- content = arena_address(arena, old->page)
+ content = arena_address(arena, old->page > 0 ? old->page - 1 : 0)
 ...> }
