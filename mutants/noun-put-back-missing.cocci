// SPDX-License-Identifier: MIT
// Where an atom was moved from there is nothing, if fresh pages cannot be had at once.
// class: noun
// caught-by: recording
// file: pma/src/keep.c
@@ expression R; @@
 take_atom(...) { <...
- return put_back(...);
+ return result;
 ...> }
