// SPDX-License-Identifier: MIT
// A changed page that the clock gives back counts as clean, but its checksum is not taken.
// class: evict
// caught-by: lost mix invariant
// file: pma/src/budget.c
@@ expression arena, extent; @@
- pages_seal(arena, extent, 1)
+ directory_flag(&arena->persistent, extent->page, extent->length, EXTENT_WRITABLE, 0)
