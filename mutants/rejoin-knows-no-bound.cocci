// SPDX-License-Identifier: MIT
// A snapshot moves as many blocks as it likes.
// class: space
// caught-by: recording
// file: pma/src/defragment.c
@@ expression work; @@
 move(...) { <...
- work->budget -= work->blocks;
 ...> }
