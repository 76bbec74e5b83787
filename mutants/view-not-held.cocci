// SPDX-License-Identifier: MIT
// A view reads a snapshot that it does not hold.
// class: views
// caught-by: recording
// file: pma/src/view.c
@@ expression fd, snapshot; @@
- pins_hold(fd, snapshot)
+ os_write(fd, NULL, 0, 0, FAULT_VIEW_HOLD)
