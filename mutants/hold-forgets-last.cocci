// SPDX-License-Identifier: MIT
// Which snapshot was the last to name a block that a view holds is not noted.
// class: views
// caught-by: recording
// file: pma/src/blocks.c
@@ identifier blocks, block, older; @@
- blocks->lives[block].to = older;
