// SPDX-License-Identifier: MIT
// The block of a page that goes to private memory for want of a block is never given back.
// class: space
// caught-by: recording
// file: pma/src/copy.c
@@ identifier old, span, stranded; expression arena; @@
 copy_to_private(..., struct span *span, ...) { <...
- if (!stranded && old.block)
+ if (!stranded && old.block && span->ephemeral)
      space_drop(arena, old.block, old.length);
 ...> }
