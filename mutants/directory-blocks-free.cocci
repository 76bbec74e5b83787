// SPDX-License-Identifier: MIT
// The blocks of directory nodes count as free after open.
// class: reuse
// caught-by: refused recording
// file: pma/src/space.c
@@ expression D, M; @@
- directory_each_node(D, mark_node, M)
+ 0
