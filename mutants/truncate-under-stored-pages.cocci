// SPDX-License-Identifier: MIT
// The file is cut below pages that were stored to and whose mappings are of its end.
// class: shrink
// caught-by: recording
// file: pma/src/space.c
@@ expression arena, E; @@
 space_truncate(...) { <...
- E || !lazy_leave_file(arena)
+ E
 ...> }
