// SPDX-License-Identifier: MIT
// Pages that were found but could not be written are not looked for again.
// class: lazy
// caught-by: recording lost mix
// file: pma/src/lazy_capture.c
@@ expression watch, start, bytes; @@
 give_up(...) { <...
- os_watch_mark(watch, start, bytes)
+ 0
 ...> }
