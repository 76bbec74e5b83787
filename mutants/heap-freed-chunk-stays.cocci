// SPDX-License-Identifier: MIT
// A freed chunk stays marked as allocated.
// class: heap
// caught-by: invariant mix not-alive
// file: pma/src/heap_chunk.h
@@ identifier descriptor, chunk; @@
- descriptor->map[chunk / 64] &= ~(UINT64_C(1) << chunk % 64);
