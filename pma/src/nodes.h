/* SPDX-License-Identifier: MIT */
/*
 * Tree nodes in memory. They come from slabs of mapped memory, never from malloc, because the fault
 * handler needs them. A pool keeps a reserve so that an operation can make sure beforehand that it
 * will not run out halfway.
 */
#ifndef NODES_H
#define NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"

/* What a node's bytes are on disk. The header is filled in when the node is written. */
union node_bytes {
    struct format_node_header header;
    struct format_leaf leaf;
    struct format_inner inner;
    struct format_sums_leaf sums_leaf;
    struct format_sums_inner sums_inner;
};

/*
 * A node in memory. `children[i]` mirrors the i-th reference of an inner node: NULL = not read yet.
 * `flags[i]` belongs to the i-th extent of a directory leaf (see directory.h) and moves with it; it
 * is never on disk.
 */
struct node {
    union node_bytes *bytes;
    bool dirty;     /* differs from what `block` holds, or was never written */
    uint64_t block; /* where the last written version is; 0 = nowhere */
    union {
        struct node *children[FORMAT_SUMS_INNER];
        uint8_t flags[FORMAT_LEAF_EXTENTS + 1];
    };
};

struct nodes; /* the pool */

int nodes_new(struct nodes **pool);
void nodes_free(struct nodes *pool);

/* Makes sure that the next `count` nodes_take succeed. -ENOMEM. Async-signal-safe (maps a slab if
 * it must). */
int nodes_reserve(struct nodes *pool, size_t count);

/* A zeroed node out of the reserve; NULL if there is none. Async-signal-safe. */
struct node *nodes_take(struct nodes *pool);
void nodes_give(struct nodes *pool, struct node *node);

#endif
