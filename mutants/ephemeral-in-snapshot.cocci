// SPDX-License-Identifier: MIT
// Ephemeral pages go into the persistent directory.
// class: ephemeral
// caught-by: invariant mix not-alive
// file: pma/src/allocate.c
@@ expression arena, page, pages, flags; identifier ephemeral; @@
- pages_put(arena, ephemeral, page, pages, flags)
+ pages_put(arena, false, page, pages, 0)
