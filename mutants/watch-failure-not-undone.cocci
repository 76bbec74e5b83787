// SPDX-License-Identifier: MIT
// Pages that the kernel could not watch count as watched.
// class: lazy
// caught-by: recording
// file: pma/src/lazy.c
@@ expression A, D; @@
 map_gap(...) { <...
- if (A || D)
-     arena_poison(...);
 ...> }
