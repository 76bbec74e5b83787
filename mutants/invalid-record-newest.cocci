// SPDX-License-Identifier: MIT
// The first meta record counts as newer although it is not valid.
// class: recovery
// caught-by: lost refused mix
// file: pma/src/metas.c
// model: torn
@@ expression first, newer; @@
 metas_newest(...) { <...
- (!first || newer)
+ newer
 ...> }
