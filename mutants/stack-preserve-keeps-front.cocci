// SPDX-License-Identifier: MIT
// What a preserve takes from the caller's area is not recorded in its saved pointer.
// class: stack
// caught-by: invariant recording not-alive
// file: pma/src/stack.c
@@
typedef uintptr_t;
identifier stack, front; @@
 stack_preserve_alloc(...) { <...
- *stack_saved(stack, STACK_AP) = (uintptr_t)front;
 ...> }
