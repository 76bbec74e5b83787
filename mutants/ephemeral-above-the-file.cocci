// SPDX-License-Identifier: MIT
// Pages that become ephemeral stay above a mapping of the file.
// class: ephemeral
// caught-by: recording
// file: pma/src/move.c
@@ expression arena, page, pages; @@
 leave_watch(...) { <...
- evict_pages(arena, page, pages)
+ lazy_release(arena, page, pages)
 ...> }
