// SPDX-License-Identifier: MIT
// Freed pages count as watched.
// class: lazy
// caught-by: recording
// file: pma/src/allocate.c
@@ expression arena, page, pages; @@
- lazy_forget(arena, page, pages)
+ 0
