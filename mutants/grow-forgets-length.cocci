// SPDX-License-Identifier: MIT
// The arena does not know that its file grew.
// class: growth
// caught-by: recording refused
// file: pma/src/space.c
@@ expression arena, step; @@
- arena->file_blocks += step;
