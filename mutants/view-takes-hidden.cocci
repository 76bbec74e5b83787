// SPDX-License-Identifier: MIT
// A view takes an attempt that is not durable.
// class: views
// caught-by: recording
// file: pma/src/view.c
@@ expression fd, number; @@
- pins_is_hidden(fd, number)
+ 0
