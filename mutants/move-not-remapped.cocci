// SPDX-License-Identifier: MIT
// The directory says that pages moved, the mapping stays.
// class: move
// caught-by: mix lost recording not-alive
// file: pma/src/move.c
@@ identifier move; @@
- move_mappings(&move)
+ 0
