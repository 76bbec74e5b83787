// SPDX-License-Identifier: MIT
// A page in private memory is given back without being written.
// class: evict
// caught-by: mix lost recording
// file: pma/src/evict.c
@@ expression arena, span, point; @@
- pages_write_out(arena, span, false, point)
+ pages_unmap(arena, span)
