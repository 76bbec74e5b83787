/* SPDX-License-Identifier: MIT */
/*
 * One node of the page directory: its entries in order, each with what only memory knows about it
 * (an extent's flags, a child's node). The tree above it is directory.c.
 */
#ifndef DIRECTORY_NODE_H
#define DIRECTORY_NODE_H

#include "tree.h"

/* The most entries of a node of this level, and the fewest unless it is the root. */
unsigned directory_node_most(const struct directory *directory, unsigned level);
unsigned directory_node_fewest(const struct directory *directory, unsigned level);

static inline unsigned directory_node_count(const struct node *node)
{
    return node->bytes->header.count;
}

/* The page of an entry: an extent's first, or the smallest of a child. */
uint64_t directory_node_page(const struct node *node, unsigned slot);

/* The number of entries whose page is below `page`: where an entry with that page belongs. */
unsigned directory_node_slot(const struct node *node, uint64_t page);

/* The entry that a search for `page` leads to: the last one at or below it, else the first. */
unsigned directory_node_covering(const struct node *node, uint64_t page);

struct extent directory_node_extent(const struct node *leaf, unsigned slot);

/* There must be room. */
void directory_node_insert_extent(struct node *leaf, unsigned slot, const struct extent *extent);
void directory_node_insert_child(struct node *inner, unsigned slot, struct node *child);

void directory_node_remove(struct node *node, unsigned slot, unsigned count);

/* Moves entries between nodes of the same level; `to_slot` must not pass the end of `to`. */
void directory_node_move(struct node *to, unsigned to_slot, struct node *from, unsigned from_slot,
                         unsigned count);

/*
 * Whether the entries of a node just read are sane in themselves and lie within [first, limit).
 * With `exact`, `first` must be the page of the first entry.
 */
bool directory_node_sane(const struct directory *directory, const struct node *node, uint64_t first,
                         bool exact, uint64_t limit);

#endif
