// SPDX-License-Identifier: MIT
// Extents are joined on the last blocks, which nodes need.
// class: space
// caught-by: recording
// file: pma/src/space.c
@@ expression ready, kept; @@
 space_spare(...) { <...
- ready > kept ? ready - kept : 0
+ ready
 ...> }
