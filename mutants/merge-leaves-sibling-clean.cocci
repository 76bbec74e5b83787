// SPDX-License-Identifier: MIT
// The node that a merge takes entries into is not written.
// class: dirty
// caught-by: mix lost refused
// file: pma/src/directory_change.c
@@ identifier left, directory; @@
- tree_make_dirty(left, &directory->dirty);
