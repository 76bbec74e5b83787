// SPDX-License-Identifier: MIT
// A second preserve that fails keeps the room that it has taken from the caller.
// class: stack
// caught-by: recording
// file: pma/src/stack.c
@@ identifier before; expression stack; typedef uintptr_t; @@
- *stack_saved(stack, STACK_AP) = (uintptr_t)before->front;
