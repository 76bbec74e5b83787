// SPDX-License-Identifier: MIT
// What is noted during a preserve may lie over the light stack.
// class: noun
// caught-by: recording
// file: pma/src/preserve.c
@@ identifier before; @@
- before.first ? before.sp : NULL
+ NULL
