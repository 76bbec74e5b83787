// SPDX-License-Identifier: MIT
// cue puts a part that was written before into the wrong place.
// class: noun
// caught-by: recording
// file: pma/src/cue.c
@@ expression cue, bit, noun; @@
 get_reference(...) { <...
- map_find(&cue->targets, bit)->value
+ map_find(&cue->targets, bit)->value + sizeof(struct noun_cell)
 ...> }
