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
    size_t used; /* nodes from here on have never been taken, and their memory not been touched */
    struct slab *next;
};

struct nodes {
    struct slab *slabs;
    struct node *spare; /* given back, linked through children[0] */
    size_t spares;      /* these and the ones never taken */
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

static void link_spare(struct nodes *pool, struct node *node)
{
    node->children[0] = pool->spare;
    pool->spare = node;
}

static struct node *first_use(struct slab *slab)
{
    struct node *node = &slab->nodes[slab->used];
    node->bytes = &slab->bytes[slab->used];
    slab->used++;
    return node;
}

int nodes_reserve(struct nodes *pool, size_t count)
{
    while (pool->spares < count) {
        struct slab *slab = os_memory(sizeof(*slab), FAULT_NODE_MEMORY);
        if (!slab)
            return -ENOMEM;
        /* Only the newest slab has nodes that were never taken. They count as spare already. */
        for (struct slab *last = pool->slabs; last && last->used < SLAB_NODES;)
            link_spare(pool, first_use(last));
        slab->next = pool->slabs;
        pool->slabs = slab;
        pool->spares += SLAB_NODES;
    }
    return 0;
}

struct node *nodes_take(struct nodes *pool)
{
    struct node *node = pool->spare;
    if (pool->spares == 0)
        return NULL;
    if (node)
        pool->spare = node->children[0];
    else
        node = first_use(pool->slabs);
    pool->spares--;

    union node_bytes *bytes = node->bytes;
    memset(bytes, 0, sizeof(*bytes));
    memset(node, 0, sizeof(*node));
    node->bytes = bytes;
    return node;
}

void nodes_give(struct nodes *pool, struct node *node)
{
    link_spare(pool, node);
    pool->spares++;
}
