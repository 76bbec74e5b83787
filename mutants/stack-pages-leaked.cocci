// SPDX-License-Identifier: MIT
// The pages of a freed stack stay allocated.
// class: ephemeral
// caught-by: invariant recording
// file: pma/src/stack_pages.c
@@ expression stack, pages; @@
- shrink(stack, (struct cover){0, pages})
+ 0
