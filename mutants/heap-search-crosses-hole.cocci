// SPDX-License-Identifier: MIT
// Free pages below a group count as part of a run behind a hole.
// class: heap
// caught-by: recording not-alive invariant
// file: pma/src/heap_free.c
@@ expression before, bit; @@
- *before = 0;
  bit += ...;
