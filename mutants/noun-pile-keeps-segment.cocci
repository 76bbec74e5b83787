// SPDX-License-Identifier: MIT
// A pile that gets shorter stays in its last segment.
// class: noun
// caught-by: recording
// file: pma/src/pile.c
@@ identifier pile; @@
- if (pile->count % SEGMENT == 0)
-     pile->top = pile->top->below;
