// SPDX-License-Identifier: MIT
// The blocks of freed ephemeral pages are never given back.
// class: ephemeral
// caught-by: recording
// file: pma/src/allocate.c
@@ expression arena, i; identifier spans; @@
- if (spans.items[i].extent.block)
+ if (spans.items[i].extent.block && !spans.items[i].ephemeral)
      space_drop(arena, spans.items[i].extent.block, spans.items[i].extent.length);
