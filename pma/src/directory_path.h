/* SPDX-License-Identifier: MIT */
/* Ways through the page directory, reading nodes as they are needed. */
#ifndef DIRECTORY_PATH_H
#define DIRECTORY_PATH_H

#include "directory_node.h"

struct step {
    struct node *node;
    unsigned slot; /* the child taken; in the leaf, the entry that covers the page looked for */
};

struct path {
    unsigned depth;                 /* levels; 0: the tree is empty */
    struct step at[TREE_MAX_DEPTH]; /* by level: at[0] is the leaf */
    uint64_t limit;                 /* no page of the leaf is as high; UINT64_MAX in the last one */
};

/* The root, NULL if the tree is empty. */
int directory_root(struct directory *directory, struct node **root);

/* A child; no page below it may reach `limit`, which is that of `inner`. */
int directory_child(struct directory *directory, struct node *inner, unsigned slot, uint64_t limit,
                    struct node **child);

/* Where the pages below a child end, if those of `inner` end at `limit`. */
uint64_t directory_child_limit(const struct node *inner, unsigned slot, uint64_t limit);

/* The way to the leaf that has `page` or would get it. */
int directory_descend(struct directory *directory, uint64_t page, struct path *path);

/* Which leaves a search looks into. */
enum directory_leaves { LEAVES_ALL, LEAVES_LOADED, LEAVES_DIRTY };

/* directory_next among the extents of some leaves. */
int directory_seek(struct directory *directory, enum directory_leaves leaves, uint64_t page,
                   struct extent *extent);

static inline uint64_t extent_end(const struct extent *extent)
{
    return extent->page + extent->length;
}

/* Whether `right` continues `left`, so that the two must be one. */
bool extent_continues(const struct extent *left, const struct extent *right);

/* The part of an extent inside [first, end), which it overlaps. */
struct extent extent_clip(const struct extent *extent, uint64_t first, uint64_t end);

#endif
