// SPDX-License-Identifier: MIT
// Blocks that a snapshot names are free as soon as they leave the working state.
// class: reuse
// caught-by: mix refused standby recording
// file: pma/src/blocks.c
@@ expression blocks, at, n; @@
- change(blocks, at, n, COMMITTED, young_limbo(blocks));
+ change(blocks, at, n, COMMITTED, FREE);
