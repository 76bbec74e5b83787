// SPDX-License-Identifier: MIT
// No limit on memory or mappings is kept.
// class: limits
// caught-by: recording
// file: pma/src/budget.c
@@ @@
 excess(...) { <...
- return ...;
+ return 0;
 ...> }
