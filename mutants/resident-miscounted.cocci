// SPDX-License-Identifier: MIT
// A run of pages in memory counts as one page.
// class: limits
// caught-by: recording
// file: pma/src/mappings.c
@@ expression E; @@
 count(...) { <...
- resident += E;
+ resident += 1;
 ...> }
