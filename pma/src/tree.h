/* SPDX-License-Identifier: MIT */
/*
 * What the directory and the checksum tree have in common: nodes that are read against the
 * reference in their parent, and written copy-on-write, children before parents. The kind in a
 * node's header says where its references are.
 *
 * A dirty node has only dirty ancestors, and the level of a node is in its header from the moment
 * it is made; block and epoch are filled in when it is written.
 */
#ifndef TREE_H
#define TREE_H

#include "directory.h"

/* No tree is deeper: a node has two entries at least, and an address range 2^35 pages at most. Ways
 * through the tree are kept on the stack, which in the fault handler may be small. */
enum { TREE_MAX_DEPTH = 40 };

/*
 * Each tree counts its dirty nodes, since whoever takes a block must know how many the next write
 * needs; `dirty` is that count. Nodes become dirty and clean nowhere but here.
 */
static inline void tree_make_dirty(struct node *node, uint64_t *dirty)
{
    *dirty += !node->dirty;
    node->dirty = true;
}

/* An empty node of a level, dirty; NULL if the reserve is used up. */
struct node *tree_make(struct nodes *pool, uint32_t kind, unsigned level, uint64_t *dirty);

static inline unsigned tree_level(const struct node *node)
{
    return node->bytes->header.level;
}

/* The reference in slot `slot` of an inner node. */
struct format_ref *tree_ref(const struct node *inner, unsigned slot);

/*
 * Reads the node that `ref` names. What follows its header is for the caller to judge. The host's
 * code if it cannot be read, PMA_ECORRUPT if it is not what the reference says, -ENOMEM.
 */
int tree_read(struct nodes *pool, const struct directory_host *host, const struct format_ref *ref,
              uint32_t kind, struct node **node);

/* Gives one node back whose content the working state needs no more, and drops its block. */
void tree_discard(struct nodes *pool, const struct directory_host *host, struct node *node,
                  uint64_t *dirty);

/* Gives a whole tree back, blocks kept. NULL is fine. */
void tree_release(struct nodes *pool, struct node *root);

/* By looking at them all: what `dirty` must be. */
uint64_t tree_count_dirty(const struct node *root);

/* See directory_write and directory_redo. *ref changes only if the root is dirty. */
int tree_write(const struct directory_host *host, const struct directory_writer *writer,
               struct node *root, struct format_ref *ref, uint64_t *dirty);
void tree_redo(struct node *root, uint64_t epoch, uint64_t *dirty);

#endif
