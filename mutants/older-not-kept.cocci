// SPDX-License-Identifier: MIT
// Which snapshot is the older one is what it was at open.
// class: views
// caught-by: recording
// file: pma/src/snapshot.c
@@ @@
 take_snapshot(...) { <...
- arena->older = arena->snapshot;
 ...> }
