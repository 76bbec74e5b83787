// SPDX-License-Identifier: MIT
// The bit of the chunk beside the one given out is set.
// class: heap
// caught-by: invariant mix recording not-alive
// file: pma/src/heap_chunk.h
@@ identifier descriptor, chunk; @@
- descriptor->map[chunk / 64] |= UINT64_C(1) << chunk % 64;
+ descriptor->map[(chunk + 1) / 64] |= UINT64_C(1) << (chunk + 1) % 64;
