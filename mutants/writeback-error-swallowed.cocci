// SPDX-License-Identifier: MIT
// Pages that could not be pushed to their blocks count as pushed.
// class: error
// caught-by: recording
// file: pma/src/evict.c
@@ identifier result; expression E; @@
 write_back(...) { <...
- return result ? E : 0;
+ return 0;
 ...> }
