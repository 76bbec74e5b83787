// SPDX-License-Identifier: MIT
// What was allocated for a keep that fails stays allocated.
// class: noun
// caught-by: mix recording
// file: pma/src/keep.c
@@ identifier copier, object; @@
- pma_free(copier->scratch.stack->arena, object.place);
