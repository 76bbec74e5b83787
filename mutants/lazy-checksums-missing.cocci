// SPDX-License-Identifier: MIT
// The checksums of pages written from private memory are not taken.
// class: lazy
// caught-by: invariant refused
// file: pma/src/lazy_capture.c
@@ expression arena, first, got; @@
- record_checksums(arena, first, got)
+ 0
