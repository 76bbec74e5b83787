// SPDX-License-Identifier: MIT
// Pages that were allocated or moved are not watched for stores.
// class: lazy
// caught-by: lost mix recording not-alive
// file: pma/src/lazy.c
@@ expression arena, page, length; @@
- mapping_watch(arena, page, length, FAULT_LAZY_ARM)
+ 0
