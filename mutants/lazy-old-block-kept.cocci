// SPDX-License-Identifier: MIT
// The old block of a page that was written from private memory is never given back.
// class: lazy
// caught-by: invariant recording
// file: pma/src/lazy_capture.c
@@ identifier old, result; expression arena; @@
- if (!result && old.block)
-     space_drop(arena, old.block, old.length);
