/* SPDX-License-Identifier: MIT */
/*
 * The decision tree: what recoveries looked at, what they saw, and what came of it.
 *
 * An inner node is an item, an edge one of its values, a leaf an outcome. Recovery is a function of
 * what it reads, so a leaf holds for every crash state, at any crash point, that agrees with the
 * path to it. One tree serves all crash points of a recording.
 *
 * It lies in shared memory and only grows. One process extends it; others may walk it meanwhile, up
 * to a limit taken earlier, so that what they find does not depend on timing.
 */
#ifndef TREE_H
#define TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cursor.h"

struct tree;

struct tree_leaf {
    uint32_t outcome;
    uint32_t unstable; /* a second recovery of the same path differed */
    uint64_t image;    /* hash of the path's items and values, whatever their order */
};

struct tree_limit {
    uint32_t nodes, leaves;
};

int tree_new(struct tree **tree);
void tree_free(struct tree *tree);

/* How far the tree has grown. */
struct tree_limit tree_limit(const struct tree *tree);
struct tree_leaf *tree_leaf(const struct tree *tree, uint32_t leaf);
size_t tree_memory(const struct tree *tree);

/*
 * Adds the path of a recovery: the items in the order of the tree as far as that goes, then those
 * newly looked at. Returns the leaf, -ENOMEM, or -EEXIST if the tree ends in a leaf on that path
 * already or has another item where the path has one, which only an unstable recovery brings about.
 */
int64_t tree_insert(struct tree *tree, const uint32_t *items, const uint64_t *values, size_t count,
                    uint32_t outcome);

/*
 * Follows one crash state, given by a value for each item. Returns the leaf that holds its outcome,
 * or -ENOENT. The path as far as it goes is put into `items` and `values`, unless they are NULL.
 */
int64_t tree_find(const struct tree *tree, uint64_t (*value_of)(void *context, uint32_t item),
                  void *context, uint32_t *items, uint64_t *values, uint32_t *count);

/* One item's share in the hash of an image. */
uint64_t tree_mix(uint32_t item, uint64_t value);

/* A depth-first walk over the paths that a crash point admits. */
struct walk_frame {
    uint32_t node, item;
    const uint64_t *values; /* the legal ones, of the cursor; no damage below damage */
    uint32_t count, sound, next;
    uint64_t value;    /* the one being walked */
    long double share; /* of the crash states without damage, those that agree with the path */
    uint64_t damages;  /* that items not on the path may have */
    bool damaged;      /* a value above is damage */
};

struct walk {
    const struct tree *tree;
    const fsim_cursor_t *cursor;
    struct tree_limit limit;
    struct walk_frame *frames;
    size_t depth;
    bool started;
    uint32_t leaf;
};

enum walk_event {
    WALK_END,
    WALK_LEAF,    /* `leaf` is at the end of the path */
    WALK_MISSING, /* nobody recovered along this path yet */
};

int walk_init(struct walk *walk, const struct tree *tree, const fsim_cursor_t *cursor);
void walk_deinit(struct walk *walk);

/* Starts over, at the cursor's instant. UINT32_MAX in the limit: as far as the tree grows. */
void walk_start(struct walk *walk, struct tree_limit limit);

/* The next leaf or gap. A gap is met again unless it was filled by tree_insert or skipped. */
enum walk_event walk_next(struct walk *walk);
void walk_skip(struct walk *walk);

/* The path so far: as many items and values as it returns. */
size_t walk_path(const struct walk *walk, uint32_t *items, uint64_t *values);
/* Of all crash states, those that agree with the path. */
long double walk_share(const struct walk *walk);

#endif
