// SPDX-License-Identifier: MIT
// A copy has no event number.
// class: copy
// caught-by: recording
// file: pma/src/duplicate.c
@@ expression copying; @@
- copying->from->event
+ 0
