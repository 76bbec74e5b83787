// SPDX-License-Identifier: MIT
// Extents that continue each other are joined, but the length stays.
// class: directory
// caught-by: recording lost mix invariant not-alive
// file: pma/src/directory_change.c
@@ identifier last, extent; @@
 append(...) { <...
- last->length += extent->length;
 ...> }
