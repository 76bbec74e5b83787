// SPDX-License-Identifier: MIT
// A page that is kept in private memory keeps its old block, too.
// class: lazy
// caught-by: invariant recording
// file: pma/src/lazy.c
@@ identifier old; expression arena; @@
- if (old.block)
-     space_drop(arena, old.block, old.length);
