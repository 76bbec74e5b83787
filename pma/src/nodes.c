/* SPDX-License-Identifier: MIT */
#include "nodes.h"

#include <errno.h>
#include <string.h>

#include "os.h"

enum { SLAB_NODES = 60 };

/* The bytes come first, so that every node's are aligned to a block. */
struct slab {
    union node_bytes bytes[SLAB_NODES];
    struct node nodes[SLAB_NODES];
    struct slab *next;
};

struct nodes {
    struct slab *slabs;
    struct node *spare; /* linked through children[0] */
    size_t spares;
};

int nodes_new(struct nodes **pool)
{
    struct nodes *made = os_memory(sizeof(*made), FAULT_NODE_MEMORY);
    if (!made)
        return -ENOMEM;
    *pool = made;
    return 0;
}

void nodes_free(struct nodes *pool)
{
    if (!pool)
        return;
    for (struct slab *slab = pool->slabs; slab;) {
        struct slab *next = slab->next;
        os_memory_free(slab, sizeof(*slab));
        slab = next;
    }
    os_memory_free(pool, sizeof(*pool));
}

static void spare(struct nodes *pool, struct node *node)
{
    node->children[0] = pool->spare;
    pool->spare = node;
    pool->spares++;
}

int nodes_reserve(struct nodes *pool, size_t count)
{
    while (pool->spares < count) {
        struct slab *slab = os_memory(sizeof(*slab), FAULT_NODE_MEMORY);
        if (!slab)
            return -ENOMEM;
        slab->next = pool->slabs;
        pool->slabs = slab;
        for (size_t i = 0; i < SLAB_NODES; i++) {
            slab->nodes[i].bytes = &slab->bytes[i];
            spare(pool, &slab->nodes[i]);
        }
    }
    return 0;
}

struct node *nodes_take(struct nodes *pool)
{
    struct node *node = pool->spare;
    if (!node)
        return NULL;
    pool->spare = node->children[0];
    pool->spares--;

    union node_bytes *bytes = node->bytes;
    memset(bytes, 0, sizeof(*bytes));
    memset(node, 0, sizeof(*node));
    node->bytes = bytes;
    return node;
}

void nodes_give(struct nodes *pool, struct node *node)
{
    spare(pool, node);
}
