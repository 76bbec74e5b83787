// SPDX-License-Identifier: MIT
// Pages are in memory for want of blocks, and no call says so.
// class: error
// caught-by: recording
// file: pma/src/call.c
@@ expression arena; @@
 call_enter_settled(...) { <...
- pages_settle(arena)
+ 0
 ...> }
