// SPDX-License-Identifier: MIT
// Of several snapshots that are read, one is noticed.
// class: views
// caught-by: recording
// file: pma/src/pins.c
@@ identifier held, range, unknown, left; @@
- if (held.last < range.last)
-     unknown[left++] = (struct pin_range){held.last + 1, range.last};
- if (held.first > range.first)
-     unknown[left++] = (struct pin_range){range.first, held.first - 1};
