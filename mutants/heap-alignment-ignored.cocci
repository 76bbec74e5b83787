// SPDX-License-Identifier: MIT
// Whole pages are aligned to a page, whatever was asked for.
// class: heap
// caught-by: recording
// file: pma/src/heap_object.c
@@ expression P; identifier alignment; @@
- alignment > 1 ? alignment : P
+ alignment > 1 ? 1 : P
