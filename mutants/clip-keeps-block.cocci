// SPDX-License-Identifier: MIT
// What is left of an extent that was cut in front begins at its old block.
// class: directory
// caught-by: recording mix crashed
// file: pma/src/directory_path.c
@@ identifier part, first; @@
 extent_clip(...) { <...
- if (part.block != 0)
-     part.block += first - part.page;
 ...> }
