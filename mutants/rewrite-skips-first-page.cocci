// SPDX-License-Identifier: MIT
// After a failed sync the first page of the arena is believed, and the first of each later batch.
// class: error
// caught-by: mix
// file: pma/src/rewrite.c
// model: io-error
@@ expression P, F, B; @@
 gather_born(...) { <...
- P < F || !B
+ P <= F || !B
 ...> }
