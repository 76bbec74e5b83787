// SPDX-License-Identifier: MIT
// Others may allocate in the range of a stack.
// class: stack
// caught-by: recording
// file: pma/src/reserve.c
@@ identifier made, arena; @@
- arena->reservations = made;
+ free(made);
