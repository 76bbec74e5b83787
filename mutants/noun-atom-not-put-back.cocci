// SPDX-License-Identifier: MIT
// An atom that was moved to the heap for a keep that fails is gone from the stack.
// class: noun
// caught-by: recording
// file: pma/src/keep.c
@@ expression object, bytes; @@
- memcpy(noun_address(object.noun), object.place, bytes);
+ ;
