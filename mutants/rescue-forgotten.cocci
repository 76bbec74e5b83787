// SPDX-License-Identifier: MIT
// Pages that were stranded in memory stay so, and no snapshot has them.
// class: dirty
// caught-by: recording lost mix
// file: pma/src/call.c
@@ expression access, arena; @@
- access == CALL_READS ? 0 : pages_rescue(arena)
+ 0
