// SPDX-License-Identifier: MIT
// A noun of the heap that nobody refers to any more is not freed.
// class: noun
// caught-by: recording mix
// file: pma/src/noun_heap.c
@@ expression arena, noun; @@
 pma_noun_release(...) { <...
- pma_free(arena, noun_address(noun))
+ 0
 ...> }
