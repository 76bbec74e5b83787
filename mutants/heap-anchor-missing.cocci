// SPDX-License-Identifier: MIT
// The meta record does not say where the heap's record is.
// class: heap
// caught-by: mix lost invariant not-alive
// file: pma/src/arena.c
@@ expression arena; identifier meta; @@
- meta->heap = ...;
