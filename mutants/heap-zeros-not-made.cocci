// SPDX-License-Identifier: MIT
// A chunk that was used before is given out for zeros.
// class: heap
// caught-by: recording
// file: pma/src/heap.c
@@ identifier object; @@
- memset(object.address, 0, object.bytes);
+ (void)0;
