// SPDX-License-Identifier: MIT
// A kept noun's parts are not counted as referred to.
// class: noun
// caught-by: invariant not-alive
// file: pma/src/keep.c
@@ identifier noun; @@
  noun = copier_follow(...);
- noun_heap_hold(noun);
  return noun;
