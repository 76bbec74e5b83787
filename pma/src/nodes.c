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
    struct slab *slabs; /* oldest first */
    struct slab *newest;
    struct slab *fresh; /* no older one has nodes that were never taken */
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

static void append(struct nodes *pool, struct slab *slab)
{
    if (pool->newest)
        pool->newest->next = slab;
    else
        pool->slabs = pool->fresh = slab;
    pool->newest = slab;
    pool->spares += SLAB_NODES;
}

int nodes_reserve(struct nodes *pool, size_t count)
{
    while (pool->spares < count) {
        struct slab *slab = os_memory(sizeof(*slab), FAULT_NODE_MEMORY);
        if (!slab)
            return -ENOMEM;
        append(pool, slab);
    }
    return 0;
}

static struct node *first_use(struct nodes *pool)
{
    while (pool->fresh->used == SLAB_NODES)
        pool->fresh = pool->fresh->next;
    struct slab *slab = pool->fresh;
    struct node *node = &slab->nodes[slab->used];
    node->bytes = &slab->bytes[slab->used];
    slab->used++;
    return node;
}

struct node *nodes_take(struct nodes *pool)
{
    struct node *node = pool->spare;
    if (pool->spares == 0)
        return NULL;
    if (node)
        pool->spare = node->children[0];
    else
        node = first_use(pool);
    pool->spares--;

    union node_bytes *bytes = node->bytes;
    memset(bytes, 0, sizeof(*bytes));
    memset(node, 0, sizeof(*node));
    node->bytes = bytes;
    return node;
}

void nodes_give(struct nodes *pool, struct node *node)
{
    node->children[0] = pool->spare;
    pool->spare = node;
    pool->spares++;
}
