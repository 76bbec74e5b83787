// SPDX-License-Identifier: MIT
// The light stack is popped although nothing is on it.
// class: stack
// caught-by: recording
// file: pma/src/stack.c
@@ expression stack; @@
- stack->sp == stack->fp
+ 0
