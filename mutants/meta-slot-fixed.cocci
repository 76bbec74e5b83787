// SPDX-License-Identifier: MIT
// Each snapshot overwrites the slot of the last acknowledged one.
// class: meta
// caught-by: lost refused recording
// file: pma/src/snapshot.c
@@ expression arena; @@
- 1 - arena->slot
+ arena->slot
