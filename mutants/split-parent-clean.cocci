// SPDX-License-Identifier: MIT
// The nodes above a changed leaf are not written.
// class: dirty
// caught-by: lost mix crashed
// file: pma/src/directory_change.c
@@ identifier level, path; @@
  for (unsigned level = 0; level <
- path->depth
+ 1
  ; level++)
   tree_make_dirty(...);
