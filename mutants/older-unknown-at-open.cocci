// SPDX-License-Identifier: MIT
// An arena that was opened does not know the number of the older snapshot.
// class: views
// caught-by: recording
// file: pma/src/arena.c
@@ expression made, source; @@
 arena_new(...) { <...
- made->older = source->other->snapshot;
 ...> }
