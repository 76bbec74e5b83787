// SPDX-License-Identifier: MIT
// The number of the older snapshot is not kept up to date.
// class: views
// caught-by: recording
// file: pma/src/snapshot.c
@@ expression arena; @@
- arena->older = arena->snapshot;
