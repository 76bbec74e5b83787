// SPDX-License-Identifier: MIT
// Root words are not written.
// class: meta
// caught-by: mix not-alive
// file: pma/src/arena.c
@@ expression arena; identifier meta; @@
- memcpy(meta->roots, arena->roots, sizeof(meta->roots));
