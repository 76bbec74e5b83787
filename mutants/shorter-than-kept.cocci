// SPDX-License-Identifier: MIT
// A file gets shorter by itself than was asked for.
// class: shrink
// caught-by: recording
// file: pma/src/shrink.c
@@ expression half, arena; @@
 length_worth_having(...) { <...
- half > arena->keep_blocks ? half : arena->keep_blocks
+ half
 ...> }
