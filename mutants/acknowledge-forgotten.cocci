// SPDX-License-Identifier: MIT
// What a snapshot leaves behind never becomes free.
// class: space
// caught-by: invariant recording
// file: pma/src/snapshot.c
@@ expression arena, number; @@
- space_acknowledge(arena, number);
