// SPDX-License-Identifier: MIT
// Of a free run that passes the border of a group, the first part is noted.
// class: heap
// caught-by: invariant recording not-alive
// file: pma/src/heap_free.c
@@ @@
 heap_free_add(...) { <...
 for (
 ...;
- pages > 0
+ pages > FORMAT_HEAP_GROUP / 4
 ; ...) { ... }
 ...> }
