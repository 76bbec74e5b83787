// SPDX-License-Identifier: MIT
// The range of a stack that is gone stays reserved.
// class: stack
// caught-by: recording
// file: pma/src/stack_pages.c
@@ expression arena, page; @@
- reserve_cancel(arena, page);
