// SPDX-License-Identifier: MIT
// The last page of a piece is not copied before it is written.
// class: lazy
// caught-by: mix lost not-alive
// file: pma/src/lazy_capture.c
@@ expression batch, buffer, got; @@
- gather(*batch, buffer, got);
+ gather(*batch, buffer, got - 1);
