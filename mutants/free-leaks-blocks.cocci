// SPDX-License-Identifier: MIT
// The blocks of freed pages are never given back.
// class: space
// caught-by: invariant recording
// file: pma/src/allocate.c
@@ expression arena, i; identifier spans; @@
- if (spans.items[i].extent.block)
-     space_drop(arena, spans.items[i].extent.block, spans.items[i].extent.length);
