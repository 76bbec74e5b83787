// SPDX-License-Identifier: MIT
// The first local word is the last of the saved three.
// class: stack
// caught-by: recording
// file: pma/src/stack.c
@@ expression index; @@
 pma_stack_local(...) { <...
- STACK_SLOTS + index
+ STACK_SLOTS - 1 + index
 ...> }
