// SPDX-License-Identifier: MIT
// The copy for a store takes the content of the page before.
// class: copy
// caught-by: mix
// file: pma/src/copy.c
@@ expression arena, page, bytes, fd, at; @@
 os_write(fd,
- arena_address(arena, page)
+ arena_address(arena, page > 0 ? page - 1 : 0)
 , bytes, at, FAULT_COW_COPY)
