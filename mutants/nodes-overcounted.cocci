// SPDX-License-Identifier: MIT
// A slab counts as one node more than it has.
// class: error
// caught-by: crashed recording not-alive
// file: pma/src/nodes.c
@@ identifier pool; @@
- pool->spares += SLAB_NODES;
+ pool->spares += SLAB_NODES + 1;
