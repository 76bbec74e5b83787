// SPDX-License-Identifier: MIT
// A view of the previous snapshot is opened while that is overwritten.
// class: views
// caught-by: recording
// file: pma/src/view.c
@@ expression hidden, previous; @@
 choose(...) { <...
- hidden && previous
+ false
 ...> }
