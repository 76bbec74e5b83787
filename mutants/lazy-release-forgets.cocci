// SPDX-License-Identifier: MIT
// Where pages cannot be unmapped, it is forgotten which of them were stored to.
// class: lazy
// caught-by: recording mix
// file: pma/src/lazy.c
@@ @@
 release_some(...) { <...
- if (result && count > 0)
-     mark_again(arena, runs, (size_t)count, *page);
 ...> }
