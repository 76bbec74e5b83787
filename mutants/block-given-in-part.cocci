// SPDX-License-Identifier: MIT
// Pages that were gathered for blocks in a row count as one piece.
// class: lazy
// caught-by: recording not-alive
// file: pma/src/lazy_capture.c
@@ expression batch, got, piece; @@
 write_some(...) { <...
- piece = next_piece(batch, got);
+ piece = got;
 ...> }
