// SPDX-License-Identifier: MIT
// A leaf of checksums that begins right at the new end of the file is kept.
// class: shrink
// caught-by: recording
// file: pma/src/sums.c
@@ expression node, slot, blocks; @@
 cut_below(...) { <...
- first_below(node, slot) >= blocks
+ first_below(node, slot) > blocks
 ...> }
