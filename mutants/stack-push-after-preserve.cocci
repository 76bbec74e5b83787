// SPDX-License-Identifier: MIT
// A frame is pushed over preserved data.
// class: stack
// caught-by: recording
// file: pma/src/stack.c
@@ expression stack; @@
 pma_stack_push(...) { <...
- if (stack->preserved)
-     return stack_refuse(stack, PMA_ESTACK, ...);
 ...> }
