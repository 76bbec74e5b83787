// SPDX-License-Identifier: MIT
// A snapshot fails because of data that it moves for a file that nobody asked to be shorter.
// class: shrink
// caught-by: recording
// file: pma/src/shrink.c
@@ expression arena; @@
 shrink_vacate(...) { <...
- arena->shrinking
+ true
 ...> }
