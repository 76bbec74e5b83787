// SPDX-License-Identifier: MIT
// The data blocks beyond the first of an extent count as free after open.
// class: reuse
// caught-by: mix recording
// file: pma/src/space.c
@@ identifier i, extent; @@
  for (uint32_t i = 0; i <
- extent->length
+ 1
  ; i++) { ... }
