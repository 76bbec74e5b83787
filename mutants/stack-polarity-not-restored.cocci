// SPDX-License-Identifier: MIT
// After a pop the frame is on the other side.
// class: stack
// caught-by: invariant recording
// file: pma/src/stack.c
@@ identifier stack; identifier fp, sp, ap; @@
  stack->fp = fp;
- stack->sp = sp;
- stack->ap = ap;
+ stack->sp = ap;
+ stack->ap = sp;
