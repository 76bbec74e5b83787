// SPDX-License-Identifier: MIT
// A release that fails when half of a noun is freed is told as if nothing had changed.
// class: noun
// caught-by: recording
// file: pma/src/noun_heap.c
@@ expression C, arena, result; @@
- return C ? stuck(arena, result) : result;
+ return C ? result : result;
