// SPDX-License-Identifier: MIT
// A preserve that failed leaves forwarding pointers.
// class: noun
// caught-by: recording
// file: pma/src/preserve.c
@@ identifier copier; @@
- copier_take_back(&copier);
