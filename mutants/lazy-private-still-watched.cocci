// SPDX-License-Identifier: MIT
// A page that becomes private stays among those that are watched.
// class: lazy
// caught-by: recording
// file: pma/src/lazy.c
@@ expression arena, E1, E2; @@
 make_private(...) { <...
- result = unwatch(arena, E1, E2);
 ...> }
