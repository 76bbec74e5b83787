// SPDX-License-Identifier: MIT
// Ephemeral pages that are given back are said to be mapped still.
// class: ephemeral
// caught-by: recording
// file: pma/src/pages.c
@@ expression span, arena, page, length; @@
 pages_unmap(...) { <...
 directory_flag(pages_tree(arena,
- span->ephemeral
+ false
 ), page, length, EXTENT_MAPPED, 0)
 ...> }
