/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "shared.h"

enum { MAX_NODES = 1 << 28, MAX_LEAVES = 1 << 26 };

/* A reference: 0 = nothing, else a leaf or a node, each counted from 1. */
#define LEAF_BIT (UINT32_C(1) << 31)

struct node {
    uint32_t item;
    _Atomic uint32_t edge; /* the newest, counted from 1 */
};

struct edge {
    uint64_t value;
    uint32_t target;
    uint32_t older;
};

struct tree {
    struct node *nodes;
    struct edge *edges;
    struct tree_leaf *leaves;
    uint32_t node_count, edge_count, leaf_count;
    _Atomic uint32_t root;
};

int tree_new(struct tree **result)
{
    struct tree *tree = shared_reserve(sizeof *tree);
    if (tree == NULL)
        return -ENOMEM;
    tree->nodes = shared_reserve(MAX_NODES * sizeof *tree->nodes);
    tree->edges = shared_reserve(MAX_NODES * sizeof *tree->edges);
    tree->leaves = shared_reserve(MAX_LEAVES * sizeof *tree->leaves);
    if (tree->nodes == NULL || tree->edges == NULL || tree->leaves == NULL) {
        tree_free(tree);
        return -ENOMEM;
    }
    *result = tree;
    return 0;
}

void tree_free(struct tree *tree)
{
    if (tree == NULL)
        return;
    shared_release(tree->nodes, MAX_NODES * sizeof *tree->nodes);
    shared_release(tree->edges, MAX_NODES * sizeof *tree->edges);
    shared_release(tree->leaves, MAX_LEAVES * sizeof *tree->leaves);
    shared_release(tree, sizeof *tree);
}

struct tree_limit tree_limit(const struct tree *tree)
{
    return (struct tree_limit){tree->node_count, tree->leaf_count};
}

struct tree_leaf *tree_leaf(const struct tree *tree, uint32_t leaf)
{
    return &tree->leaves[leaf];
}

size_t tree_memory(const struct tree *tree)
{
    return tree->node_count * sizeof *tree->nodes + tree->edge_count * sizeof *tree->edges +
           tree->leaf_count * sizeof *tree->leaves;
}

uint64_t tree_mix(uint32_t item, uint64_t value)
{
    uint64_t hash = (value + 1) * UINT64_C(0x9e3779b97f4a7c15) + item;
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

/* New values appear at later crash points, where most look-ups are: the newest edge comes first. */
static uint32_t follow(const struct tree *tree, uint32_t node, uint64_t value)
{
    uint32_t edge = atomic_load_explicit(&tree->nodes[node].edge, memory_order_acquire);
    for (; edge != 0; edge = tree->edges[edge - 1].older) {
        if (tree->edges[edge - 1].value == value)
            return tree->edges[edge - 1].target;
    }
    return 0;
}

/* Where a path leaves the tree: after `depth` items, at `node` unless the tree is empty. */
static int descend(const struct tree *tree, const uint32_t *items, const uint64_t *values,
                   size_t count, size_t *depth, uint32_t *node)
{
    uint32_t at = atomic_load_explicit(&tree->root, memory_order_acquire);
    *depth = 0;
    while (at != 0) {
        if ((at & LEAF_BIT) != 0 || *depth == count || tree->nodes[at - 1].item != items[*depth])
            return -EEXIST;
        *node = at - 1;
        at = follow(tree, *node, values[(*depth)++]);
    }
    return 0;
}

static uint32_t add_node(struct tree *tree, uint32_t item, uint64_t value, uint32_t target)
{
    tree->edges[tree->edge_count] = (struct edge){.value = value, .target = target};
    tree->nodes[tree->node_count].item = item;
    atomic_init(&tree->nodes[tree->node_count].edge, ++tree->edge_count);
    return ++tree->node_count;
}

/* From here on walks see what hangs below the new edge. */
static void publish(struct tree *tree, size_t depth, uint32_t node, uint64_t value, uint32_t target)
{
    if (depth == 0) {
        atomic_store_explicit(&tree->root, target, memory_order_release);
        return;
    }
    uint32_t newest = atomic_load_explicit(&tree->nodes[node].edge, memory_order_relaxed);
    tree->edges[tree->edge_count] =
        (struct edge){.value = value, .target = target, .older = newest};
    atomic_store_explicit(&tree->nodes[node].edge, ++tree->edge_count, memory_order_release);
}

int64_t tree_insert(struct tree *tree, const uint32_t *items, const uint64_t *values, size_t count,
                    uint32_t outcome)
{
    size_t depth;
    uint32_t node = 0;
    int error = descend(tree, items, values, count, &depth, &node);
    if (error < 0)
        return error;
    if (tree->leaf_count == MAX_LEAVES || count >= MAX_NODES - tree->edge_count)
        return -ENOMEM;

    uint32_t leaf = tree->leaf_count;
    tree->leaves[leaf] = (struct tree_leaf){.outcome = outcome};
    for (size_t i = 0; i < count; i++)
        tree->leaves[leaf].image += tree_mix(items[i], values[i]);
    tree->leaf_count++;

    uint32_t target = (leaf + 1) | LEAF_BIT;
    for (size_t i = count; i > depth; i--)
        target = add_node(tree, items[i - 1], values[i - 1], target);
    publish(tree, depth, node, depth == 0 ? 0 : values[depth - 1], target);
    return leaf;
}

int64_t tree_find(const struct tree *tree, uint64_t (*value_of)(void *context, uint32_t item),
                  void *context, uint32_t *items, uint64_t *values, uint32_t *count)
{
    uint32_t at = atomic_load_explicit(&tree->root, memory_order_acquire), depth = 0;
    while (at != 0 && (at & LEAF_BIT) == 0) {
        uint32_t item = tree->nodes[at - 1].item;
        uint64_t value = value_of(context, item);
        if (items != NULL) {
            items[depth] = item;
            values[depth] = value;
        }
        depth++;
        at = follow(tree, at - 1, value);
    }
    if (count != NULL)
        *count = depth;
    return at == 0 ? -ENOENT : (int64_t)(at & ~LEAF_BIT) - 1;
}

/* Walking. */

int walk_init(struct walk *walk, const struct tree *tree, const fsim_cursor_t *cursor)
{
    *walk = (struct walk){.tree = tree, .cursor = cursor};
    walk->frames = malloc((cursor_items(cursor) + 1) * sizeof *walk->frames);
    return walk->frames == NULL ? -ENOMEM : 0;
}

void walk_deinit(struct walk *walk)
{
    free(walk->frames);
    walk->frames = NULL;
}

void walk_start(struct walk *walk, struct tree_limit limit)
{
    walk->limit = limit;
    walk->depth = 0;
    walk->started = false;
}

/* Whether the path's last value is damage, which none above it is then. */
static bool is_damage(const struct walk_frame *frame)
{
    return frame->next > frame->sound;
}

/* A crash state has no damage, or one of those that there may be. */
long double walk_share(const struct walk *walk)
{
    if (walk->depth == 0)
        return 1;
    const struct walk_frame *top = &walk->frames[walk->depth - 1];
    uint64_t states = top->damaged || is_damage(top) ? 1 : 1 + top->damages;
    return top->share * (long double)states / (long double)(1 + cursor_damages(walk->cursor));
}

static bool within(const struct tree_limit *limit, uint32_t target)
{
    if ((target & LEAF_BIT) != 0)
        return (target & ~LEAF_BIT) <= limit->leaves;
    return target != 0 && target <= limit->nodes;
}

static void push(struct walk *walk, uint32_t node)
{
    const struct walk_frame *above = walk->depth > 0 ? &walk->frames[walk->depth - 1] : NULL;
    struct walk_frame frame = {.node = node, .item = walk->tree->nodes[node].item};
    bool damaged = above != NULL && (is_damage(above) || above->damaged);
    frame.count = (uint32_t)cursor_values(walk->cursor, frame.item, &frame.values);
    frame.sound = (uint32_t)cursor_sound(walk->cursor, frame.item);
    frame.share = (above != NULL ? above->share : 1) / frame.sound;
    frame.damages = above != NULL ? above->damages : cursor_damages(walk->cursor);
    frame.damages -= frame.count - frame.sound;
    frame.damaged = damaged;
    if (damaged)
        frame.count = frame.sound;
    walk->frames[walk->depth++] = frame;
}

enum walk_event walk_next(struct walk *walk)
{
    for (;;) {
        uint32_t target;
        struct walk_frame *top = NULL;
        if (walk->depth > 0) {
            top = &walk->frames[walk->depth - 1];
            if (top->next == top->count) {
                walk->depth--;
                continue;
            }
            top->value = top->values[top->next];
            target = follow(walk->tree, top->node, top->value);
        } else {
            if (walk->started)
                return WALK_END;
            target = atomic_load_explicit(&walk->tree->root, memory_order_acquire);
        }
        if (!within(&walk->limit, target))
            return WALK_MISSING;
        if (top != NULL)
            top->next++;
        walk->started = true;
        if ((target & LEAF_BIT) != 0) {
            walk->leaf = (target & ~LEAF_BIT) - 1;
            return WALK_LEAF;
        }
        push(walk, target - 1);
    }
}

void walk_skip(struct walk *walk)
{
    walk->started = true;
    if (walk->depth > 0)
        walk->frames[walk->depth - 1].next++;
}

size_t walk_path(const struct walk *walk, uint32_t *items, uint64_t *values)
{
    for (size_t i = 0; i < walk->depth; i++) {
        items[i] = walk->frames[i].item;
        values[i] = walk->frames[i].value;
    }
    return walk->depth;
}
