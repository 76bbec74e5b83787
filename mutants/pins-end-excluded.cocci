// SPDX-License-Identifier: MIT
// A snapshot that is the last of a range does not count as held.
// class: views
// caught-by: recording
// file: pma/src/pins.c
@@ identifier pins, i, last, first; @@
  pins->ranges[i].first <= last &&
- pins->ranges[i].last >= first
+ pins->ranges[i].last > first
