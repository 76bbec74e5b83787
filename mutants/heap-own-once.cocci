// SPDX-License-Identifier: MIT
// A part of the heap's record that was given back while another was obtained is not obtained again.
// class: heap
// caught-by: recording
// file: pma/src/heap_state.c
@@ expression result, before, mark; @@
 own_all(...) { <...
- if (result || before == mark)
-     return result;
+ return result;
 ...> }
