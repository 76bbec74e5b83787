// SPDX-License-Identifier: MIT
// A node that lost entries is not filled up.
// class: directory
// caught-by: invariant recording
// file: pma/src/directory_change.c
@@ expression D, N, S; @@
 settle(...) { <...
- refill(D, N, S);
 ...> }
