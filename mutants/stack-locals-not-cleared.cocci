// SPDX-License-Identifier: MIT
// The locals of a new frame are what lay there.
// class: stack
// caught-by: recording
// file: pma/src/stack.c
@@ identifier zeros, i; @@
- zeros[i] = 0;
+ (void)zeros;
