// SPDX-License-Identifier: MIT
// Pages of an object that could not be recorded stay allocated.
// class: heap
// caught-by: mix recording
// file: pma/src/heap_pages.c
@@ expression C, P, N, R; @@
 obtain_new(...) { <...
- take_back(C, P, N, R);
+ ;
 ...> }
