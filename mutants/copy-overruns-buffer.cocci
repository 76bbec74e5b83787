// SPDX-License-Identifier: MIT
// A copy reads one block more than its buffer has room for.
// class: copy
// caught-by: recording crashed
// file: pma/src/duplicate.c
@@ expression extent, page; @@
 extent_clip(extent, page, page + AT_ONCE
+ + 1
 )
