// SPDX-License-Identifier: MIT
// A frame may have as many words as are free, and one more.
// class: stack
// caught-by: recording crashed
// file: pma/src/stack.c
@@ expression words, stack; @@
 pma_stack_push(...) { <...
- words >= stack_free_words(stack)
+ words > stack_free_words(stack) + 1
 ...> }
