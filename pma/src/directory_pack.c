/* SPDX-License-Identifier: MIT */
/* A directory made in one go from all its extents: every node as full as it gets. */
#include <errno.h>

#include "directory_path.h"

struct packing {
    struct directory *directory;
    const struct extent *extents;
    /* How many entries and nodes there are: counts[0] extents, counts[n] nodes of level n - 1. */
    uint64_t counts[TREE_MAX_DEPTH + 1];
};

/* Spreads the entries evenly, so that no node is below the fewest. */
static uint64_t first_entry(const struct packing *packing, unsigned level, uint64_t node)
{
    const uint64_t entries = packing->counts[level], nodes = packing->counts[level + 1];
    const uint64_t larger = entries % nodes;
    return node * (entries / nodes) + (node < larger ? node : larger);
}

static struct node *pack(const struct packing *packing, unsigned level, uint64_t index)
{
    struct directory *directory = packing->directory;
    struct node *node = tree_make(directory->pool, FORMAT_KIND_DIRECTORY, level, &directory->dirty);
    const uint64_t end = first_entry(packing, level, index + 1);
    unsigned slot = 0;
    for (uint64_t entry = first_entry(packing, level, index); entry < end; entry++, slot++) {
        if (level == 0)
            directory_node_insert_extent(node, slot, &packing->extents[entry]);
        else
            directory_node_insert_child(node, slot, pack(packing, level - 1, entry));
    }
    return node;
}

int directory_pack(struct directory *directory, const struct extent *extents, uint64_t count)
{
    struct packing packing = {.directory = directory, .extents = extents, .counts = {count}};
    uint64_t nodes = 0;
    unsigned depth = 0;
    if (count == 0)
        return 0;
    do {
        const unsigned most = directory_node_most(directory, depth);
        packing.counts[depth + 1] = (packing.counts[depth] + most - 1) / most;
        nodes += packing.counts[++depth];
    } while (packing.counts[depth] > 1);
    int error = nodes_reserve(directory->pool, nodes);
    if (error)
        return error;

    directory->root = pack(&packing, depth - 1, 0);
    directory->extents = count;
    for (uint64_t i = 0; i < count; i++)
        directory->pages += extents[i].length;
    return 0;
}
