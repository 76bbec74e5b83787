// SPDX-License-Identifier: MIT
// A checksum tree that outgrew the file while it was written is not written again.
// class: growth
// caught-by: refused invariant recording
// file: pma/src/snapshot.c
@@ expression A, M; @@
 gather_trees(...) { <...
- space_recorded_length(A) > M->file_blocks
+ 0
 ...> }
