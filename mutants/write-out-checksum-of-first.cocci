// SPDX-License-Identifier: MIT
// All pages that are written out in one go get the checksum of the first.
// class: checksum
// caught-by: invariant recording
// file: pma/src/copy.c
@@ expression address; @@
 write_out_run(...) { <...
- address + (size_t)i * PMA_PAGE_SIZE
+ address
 ...> }
