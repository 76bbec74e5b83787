// SPDX-License-Identifier: MIT
// An object that grows keeps only half of its content.
// class: heap
// caught-by: recording not-alive
// file: pma/src/heap_object.c
@@ identifier object, old; @@
 replace_by_pages(...) { <...
- memcpy(object->address, old->address, old->bytes);
+ memcpy(object->address, old->address, old->bytes / 2);
 ...> }
