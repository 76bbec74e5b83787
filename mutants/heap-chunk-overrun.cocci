// SPDX-License-Identifier: MIT
// An object that moves to a smaller chunk takes all of its bytes along.
// class: heap
// caught-by: recording mix not-alive
// file: pma/src/heap_object.c
@@ expression a, b, old, object; @@
  memcpy(a, b,
- old->bytes < object->bytes ? old->bytes : object->bytes
+ old->bytes
  );
