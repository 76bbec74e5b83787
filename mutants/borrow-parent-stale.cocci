// SPDX-License-Identifier: MIT
// The parent of two nodes that were evened out has the old smallest page of the second.
// class: directory
// caught-by: invariant refused recording
// file: pma/src/directory_change.c
@@ identifier inner, slot, right; @@
- set_child_page(inner, slot + 1, right);
