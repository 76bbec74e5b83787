// SPDX-License-Identifier: MIT
// Nodes behind the new end of the file stay there.
// class: shrink
// caught-by: recording
// file: pma/src/shrink.c
@@ expression tree, limit; @@
- directory_vacate(tree, limit)
+ 0
