// SPDX-License-Identifier: MIT
// Blocks are freed without asking which snapshots are being read.
// class: views
// caught-by: recording
// file: pma/src/space.c
@@ identifier pins, arena; @@
 void space_acknowledge(...) { ...
- pins_ask(arena->fd, arena->snapshot, &pins);
+ pins = (struct pins){0};
 ... }
