// SPDX-License-Identifier: MIT
// After a failed sync the same blocks are believed.
// class: error
// caught-by: lost refused recording
// file: pma/src/snapshot.c
// model: io-error
@@ expression arena; @@
- rewrite_unsynced(arena)
+ 0
