// SPDX-License-Identifier: MIT
// The arena says the event number that it had at open.
// class: meta
// caught-by: recording
// file: pma/src/snapshot.c
@@ @@
 take_snapshot(...) { <...
- arena->event = event;
 ...> }
