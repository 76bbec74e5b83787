// SPDX-License-Identifier: MIT
// The meta record carries the event number of the snapshot before.
// class: meta
// caught-by: mix not-alive
// file: pma/src/snapshot.c
@@ identifier meta; @@
+ meta.event = arena->event;
  format_meta_seal(&meta);
