// SPDX-License-Identifier: MIT
// A flip leaves the frame on its side.
// class: stack
// caught-by: recording
// file: pma/src/stack.c
@@ expression stack; @@
 pma_stack_flip(...) { <...
- !stack_is_west(stack)
+ stack_is_west(stack)
 ...> }
