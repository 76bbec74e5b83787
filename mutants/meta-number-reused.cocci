// SPDX-License-Identifier: MIT
// A failed attempt's number is given to the next snapshot.
// class: meta
// caught-by: invariant mix lost recording
// file: pma/src/snapshot.c
@@ expression arena; @@
- arena->next_snapshot++
+ arena->snapshot + 1
