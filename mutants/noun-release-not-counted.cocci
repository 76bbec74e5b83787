// SPDX-License-Identifier: MIT
// A released reference that is not the last one stays counted.
// class: noun
// caught-by: invariant mix
// file: pma/src/noun_heap.c
@@ identifier dead, noun; expression R; @@
 let_go(...) { <...
  if (R == 1)
    add_dead(dead, noun);
- else
-   --*noun_metadata(noun);
 ...> }
