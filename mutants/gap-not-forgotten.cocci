// SPDX-License-Identifier: MIT
// Pages that were freed are not found again when pages are allocated.
// class: directory
// caught-by: recording
// file: pma/src/directory_change.c
@@ expression directory, page; @@
- forget_gaps(directory, page);
+ (void)forget_gaps;
