// SPDX-License-Identifier: MIT
// A block that could not be mapped for stores counts as open.
// class: evict
// caught-by: invariant recording
// file: pma/src/copy.c
@@ expression arena; identifier before; @@
 open_in_place(...) { <...
- restore(arena, false, &before);
+ (void)before;
 ...> }
