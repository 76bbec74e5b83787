// SPDX-License-Identifier: MIT
// A snapshot does not look for pages that were stored to.
// class: lazy
// caught-by: lost mix not-alive
// file: pma/src/snapshot.c
@@ expression arena; @@
- lazy_capture(arena)
+ 0
