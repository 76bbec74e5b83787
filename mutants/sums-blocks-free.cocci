// SPDX-License-Identifier: MIT
// The blocks of the checksum tree count as free after open.
// class: reuse
// caught-by: refused invariant recording
// file: pma/src/space.c
@@ expression sums, marking; @@
- sums_each_node(sums, mark_node, marking)
+ 0
