// SPDX-License-Identifier: MIT
// A pop does not restore the allocation pointer.
// class: stack
// caught-by: invariant recording
// file: pma/src/stack.c
@@ identifier stack, ap; identifier fp, sp; @@
  stack->fp = fp;
  stack->sp = sp;
- stack->ap = ap;
