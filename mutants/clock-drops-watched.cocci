// SPDX-License-Identifier: MIT
// The clock gives watched pages back without a look at what was stored to them.
// class: limits
// caught-by: recording mix lost
// file: pma/src/budget.c
@@ expression R, run; @@
- lazy_release(R->arena, run->page, run->length)
+ 0
