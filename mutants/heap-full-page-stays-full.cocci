// SPDX-License-Identifier: MIT
// A page that has a free chunk again is not noted as such.
// class: heap
// caught-by: invariant refused not-alive
// file: pma/src/heap_chunk.h
@@ expression heap, group, class, page; @@
 heap_chunk_give(...) { <...
- heap->groups[group].partial[class] |= heap_bit(page);
 ...> }
