// SPDX-License-Identifier: MIT
// The search for free blocks starts at the meta pages.
// class: reuse
// caught-by: refused invariant
// file: pma/src/blocks.c
@@ expression made; @@
- change(made, 0, FORMAT_META_BLOCKS, FREE, COMMITTED);
