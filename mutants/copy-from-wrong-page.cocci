// SPDX-License-Identifier: MIT
// The copy for a store takes the content of the page before.
// class: copy
// caught-by: mix
// file: pma/src/copy.c
@@ expression fd, content, old, at; @@
  os_write(fd,
- content
+ (const char *)content - (old->page > 0 ? PMA_PAGE_SIZE : 0)
  , extent_bytes(old), at, FAULT_COW_COPY)
