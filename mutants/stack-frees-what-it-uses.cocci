// SPDX-License-Identifier: MIT
// A release gives back one page too many.
// class: stack
// caught-by: recording invariant
// file: pma/src/stack_pages.c
@@ identifier need; statement S; @@
 stack_trim_all(...) { ...
+ need.low -= need.low > 0;
  if (need.low < need.high) S
 ... }
