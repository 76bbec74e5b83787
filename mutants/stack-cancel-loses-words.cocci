// SPDX-License-Identifier: MIT
// Words that the saved ones of the caller were put over are not put back.
// class: stack
// caught-by: recording
// file: pma/src/stack.c
@@ expression stack, west, slot, before; @@
- *stack_slot(stack->ap, west, slot) = before->under[slot];
+ (void)west;
