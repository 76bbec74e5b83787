// SPDX-License-Identifier: MIT
// A moved extent lands one page too high when it is not the first.
// class: move
// caught-by: mix recording
// file: pma/src/move.c
@@ identifier target, move; @@
- target.extent.page += move->to - move->from;
+ target.extent.page += move->to - move->from + (target.extent.page > move->from);
