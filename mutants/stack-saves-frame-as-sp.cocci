// SPDX-License-Identifier: MIT
// A frame saves its caller's frame pointer where the stack pointer belongs.
// class: stack
// caught-by: invariant recording
// file: pma/src/stack.c
@@
typedef uintptr_t;
identifier saved, stack; @@
- saved[STACK_SP] = (uintptr_t)stack->sp;
+ saved[STACK_SP] = (uintptr_t)stack->fp;
