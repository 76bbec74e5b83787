// SPDX-License-Identifier: MIT
// The old block of a copied page is never given back.
// class: copy
// caught-by: invariant recording
// file: pma/src/copy.c
@@ expression arena, old; @@
- if (old.block)
-     space_drop(arena, old.block, old.length);
 arena->copied_pages += ...;
