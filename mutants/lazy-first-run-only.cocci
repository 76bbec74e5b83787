// SPDX-License-Identifier: MIT
// Of what a scan finds, the first run is written only.
// class: lazy
// caught-by: lost mix not-alive
// file: pma/src/lazy_capture.c
@@ identifier batch, count; @@
- batch.count = (size_t)count;
+ batch.count = 1;
