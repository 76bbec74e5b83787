// SPDX-License-Identifier: MIT
// Blocks of an attempt whose meta write began count as fresh.
// class: reuse
// caught-by: mix refused recording
// file: pma/src/blocks.c
@@ expression blocks; @@
- change_all(blocks, BORN, COMMITTED);
