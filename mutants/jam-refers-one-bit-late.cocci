// SPDX-License-Identifier: MIT
// A jam refers to the bit behind the noun that it means.
// class: noun
// caught-by: invariant mix recording
// file: pma/src/jam.c
@@ expression J, noun, mug, at; @@
- map_add(&J->places, &J->scratch, noun, mug, at)
+ map_add(&J->places, &J->scratch, noun, mug, at + 1)
