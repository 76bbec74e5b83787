// SPDX-License-Identifier: MIT
// An attempt that is not durable is not hidden from views.
// class: views
// caught-by: recording
// file: pma/src/snapshot.c
@@ expression arena, number; @@
- pins_hide(arena->fd, number)
+ os_write(arena->fd, NULL, 0, 0, FAULT_VIEW_HIDE)
