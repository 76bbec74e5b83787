// SPDX-License-Identifier: MIT
// Extents that become one count as mapped if the first was.
// class: directory
// caught-by: recording
// file: pma/src/directory_change.c
@@ expression last, X; @@
 append(...) { <...
- last->flags &= X;
+ ;
 ...> }
