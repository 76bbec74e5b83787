// SPDX-License-Identifier: MIT
// A first preserve that fails counts as one.
// class: stack
// caught-by: recording
// file: pma/src/stack.c
@@ expression stack, before; @@
- stack->preserved = !before->first;
