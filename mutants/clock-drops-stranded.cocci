// SPDX-License-Identifier: MIT
// The clock gives pages back that only memory has.
// class: limits
// caught-by: recording
// file: pma/src/budget.c
@@ identifier private; @@
  if (...) { ... } else if (
- private
+ 0
  ) { ... }
