// SPDX-License-Identifier: MIT
// Where the blocks of a state end is noted for the first of them only.
// class: reuse
// caught-by: recording crashed
// file: pma/src/blocks.c
@@ identifier bounds, first, count; @@
- bounds->count == 0 || first + count > bounds->end
+ bounds->count == 0
