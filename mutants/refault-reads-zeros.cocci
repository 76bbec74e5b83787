// SPDX-License-Identifier: MIT
// An ephemeral page that was evicted comes back as zeros.
// class: evict
// caught-by: recording
// file: pma/src/copy.c
@@ identifier old; expression arena, memory, point; @@
 read_old(...) { <...
- os_read(arena->fd, memory, extent_bytes(old), old->block * PMA_PAGE_SIZE, point)
+ 0
 ...> }
