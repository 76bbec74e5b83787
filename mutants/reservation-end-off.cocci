// SPDX-License-Identifier: MIT
// The last page of the range of a stack is free for all.
// class: stack
// caught-by: recording
// file: pma/src/reserve.c
@@ identifier at, page; @@
  at->page + at->pages >
- page
+ page + 1
