// SPDX-License-Identifier: MIT
// A freed chunk is still counted.
// class: heap
// caught-by: invariant not-alive
// file: pma/src/heap_chunk.h
@@ identifier descriptor; @@
- descriptor->used--;
