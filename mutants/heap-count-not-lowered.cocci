// SPDX-License-Identifier: MIT
// A freed chunk is still counted.
// class: heap
// caught-by: invariant
// file: pma/src/heap_chunk.h
@@ identifier descriptor; @@
- descriptor->used--;
