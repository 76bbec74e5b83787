// SPDX-License-Identifier: MIT
// A root that has one child left is kept.
// class: directory
// caught-by: invariant recording
// file: pma/src/directory_change.c
@@ identifier root, directory; @@
- shrink_root(directory);
