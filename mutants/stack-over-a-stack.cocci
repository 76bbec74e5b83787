// SPDX-License-Identifier: MIT
// The range of a new stack may be that of another one.
// class: stack
// caught-by: recording
// file: pma/src/reserve.c
@@ expression reserved; @@
 lowest_taken(...) { <...
- reserved ? reserved->page : UINT64_MAX
+ UINT64_MAX
 ...> }
