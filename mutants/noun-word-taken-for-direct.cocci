// SPDX-License-Identifier: MIT
// An atom that takes all bits of a word is put where a reference may be.
// class: noun
// caught-by: recording
// file: pma/src/cue.c
@@ identifier bits; @@
 get_atom(...) { <...
- bits < 64
+ bits <= 64
 ...> }
