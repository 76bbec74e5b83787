// SPDX-License-Identifier: MIT
// Pages that could not be moved are replaced by empty ones, and there is nothing where they were to go.
// class: move
// caught-by: recording
// file: pma/src/move.c
@@ expression arena, ephemeral, to, from; identifier result; @@
 replace_entries(...) { <...
- pages_put(arena, ephemeral, result ? to : from,
+ pages_put(arena, ephemeral, from,
  ...)
 ...> }
