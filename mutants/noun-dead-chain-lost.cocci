// SPDX-License-Identifier: MIT
// Of the dead nouns that find no room in the list only the last one is remembered.
// class: noun
// caught-by: mix recording
// file: pma/src/noun_heap.c
@@ expression dead, noun; @@
- *noun_metadata(noun) = dead->chained;
+ *noun_metadata(noun) = 0;
