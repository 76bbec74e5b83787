// SPDX-License-Identifier: MIT
// A snapshot that was acknowledged stays hidden from views.
// class: views
// caught-by: recording
// file: pma/src/snapshot.c
@@ expression fd, number; @@
- pins_show(fd, number);
