// SPDX-License-Identifier: MIT
// Pages of an object are freed before the record can be changed.
// class: heap
// caught-by: recording
// file: pma/src/heap_pages.c
@@ identifier result, kept; expression F, C, P; @@
 heap_pages_release(...) { <...
- result = heap_own(C, &P);
- if (!result && !kept)
-     result = F;
+ result = kept ? 0 : F;
+ if (!result)
+     result = heap_own(C, &P);
 ...> }
