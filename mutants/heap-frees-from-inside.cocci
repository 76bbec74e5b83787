// SPDX-License-Identifier: MIT
// An address inside a chunk is freed as if it were its beginning.
// class: heap
// caught-by: recording
// file: pma/src/heap_object.c
@@ identifier offset, object; @@
 find_chunk(...) { <...
- if (offset & (object->bytes - 1))
-     return PMA_EINTERIOR;
 ...> }
