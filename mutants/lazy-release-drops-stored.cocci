// SPDX-License-Identifier: MIT
// The end of a watch lets stored pages go as if they were clean.
// class: lazy
// caught-by: recording mix lost
// file: pma/src/lazy.c
@@ expression arena, page, behind; @@
 release_some(...) { <...
- result = make_private(arena, page, behind);
+ result = drop_clean(arena, *page, behind - *page), *page = behind;
 ...> }
