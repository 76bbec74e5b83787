// SPDX-License-Identifier: MIT
// Pages become ephemeral on blocks that take their stores.
// class: move
// caught-by: recording invariant
// file: pma/src/move.c
@@ expression move; @@
- seal_for_ephemeral(&move)
+ 0
