// SPDX-License-Identifier: MIT
// The slot follows from the number of the attempt, so a failed attempt shifts it onto the last snapshot.
// class: meta
// caught-by: lost refused invariant
// file: pma/src/snapshot.c
@@ expression arena; @@
- 1 - arena->slot
+ arena->next_snapshot % 2
