/* SPDX-License-Identifier: MIT */
#include "sums.h"

#include <errno.h>

#include "tree.h"

static unsigned slots(unsigned level)
{
    return level == 0 ? FORMAT_SUMS_LEAF : FORMAT_SUMS_INNER;
}

/* How many blocks a node of a level covers; UINT64_MAX when it is all there can be. */
static uint64_t covered(unsigned level)
{
    uint64_t blocks = FORMAT_SUMS_LEAF;
    while (level-- > 0) {
        if (blocks > UINT64_MAX / FORMAT_SUMS_INNER)
            return UINT64_MAX;
        blocks *= FORMAT_SUMS_INNER;
    }
    return blocks;
}

uint32_t sums_depth(uint64_t blocks)
{
    uint32_t depth = 1;
    while (covered(depth - 1) < blocks)
        depth++;
    return depth;
}

static unsigned slot_of(uint64_t block, unsigned level)
{
    return level == 0 ? (unsigned)(block % FORMAT_SUMS_LEAF)
                      : (unsigned)(block / covered(level - 1) % FORMAT_SUMS_INNER);
}

static bool empty_ref(const struct format_ref *ref)
{
    return ref->block == 0 && ref->checksum == 0 && ref->epoch == 0 && ref->depth == 0 &&
           ref->reserved == 0;
}

static bool sane(const struct node *node, uint64_t block)
{
    unsigned level = tree_level(node);
    if (node->bytes->header.count != slots(level) ||
        node->bytes->header.index != block / covered(level))
        return false;
    for (unsigned slot = 0; level > 0 && slot < slots(level); slot++) {
        const struct format_ref *ref = tree_ref(node, slot);
        if (ref->block == 0 ? !empty_ref(ref)
                            : ref->block < FORMAT_META_BLOCKS || ref->depth != level ||
                                  ref->epoch > node->bytes->header.epoch || ref->reserved != 0)
            return false;
    }
    return true;
}

/* Makes sure that the node that `ref` names, which covers `block`, is in *node; NULL if there is
 * no such node. */
static int load(struct sums *sums, const struct format_ref *ref, uint64_t block, struct node **node)
{
    struct node *read;
    if (*node || ref->block == 0)
        return 0;
    int error = tree_read(sums->pool, sums->host, ref, FORMAT_KIND_SUMS, &read);
    if (error)
        return error;
    if (!sane(read, block)) {
        nodes_give(sums->pool, read);
        return PMA_ECORRUPT;
    }
    *node = read;
    return 0;
}

/* Reads the way to the leaf of a block that the tree covers, as far as it exists. */
static int load_way(struct sums *sums, uint64_t block, struct node **leaf)
{
    *leaf = NULL;
    int error = load(sums, &sums->root_ref, block, &sums->root);
    struct node *node = sums->root;
    while (error == 0 && node && tree_level(node) > 0) {
        unsigned slot = slot_of(block, tree_level(node));
        error = load(sums, tree_ref(node, slot), block, &node->children[slot]);
        node = node->children[slot];
    }
    if (error == 0)
        *leaf = node;
    return error;
}

void sums_init(struct sums *sums, struct nodes *pool, const struct directory_host *host,
               const struct format_ref *ref)
{
    *sums = (struct sums){.pool = pool, .host = host};
    if (ref && ref->block != 0) {
        sums->root_ref = *ref;
        sums->depth = ref->depth;
    }
}

void sums_deinit(struct sums *sums)
{
    tree_release(sums->pool, sums->root);
    *sums = (struct sums){0};
}

static struct node *make(struct sums *sums, unsigned level, uint64_t block)
{
    struct node *node = tree_make(sums->pool, FORMAT_KIND_SUMS, level, &sums->dirty);
    node->bytes->header.count = (uint16_t)slots(level);
    node->bytes->header.index = block / covered(level);
    return node;
}

/* Adds roots until the tree is `depth` deep. The nodes are reserved. */
static void deepen(struct sums *sums, uint32_t depth)
{
    bool empty = !sums->root && sums->root_ref.block == 0;
    while (!empty && sums->depth < depth) {
        struct node *root = make(sums, sums->depth, 0);
        root->children[0] = sums->root;
        *tree_ref(root, 0) = sums->root_ref; /* made anew with the write if that root is dirty */
        sums->root = root;
        sums->depth++;
    }
    sums->depth = depth;
}

int sums_set(struct sums *sums, uint64_t block, uint64_t checksum)
{
    struct node *leaf = NULL;
    uint32_t depth = sums_depth(block + 1);
    int error = depth <= sums->depth ? load_way(sums, block, &leaf) : 0;
    if (error)
        return error;
    depth = depth > sums->depth ? depth : sums->depth;
    /* At most a new way down to the leaf and as many roots. */
    error = nodes_reserve(sums->pool, 2 * (size_t)depth);
    if (error)
        return error;

    deepen(sums, depth);
    if (!sums->root)
        sums->root = make(sums, depth - 1, block);
    struct node *node = sums->root;
    for (unsigned level = depth - 1; level > 0; level--) {
        unsigned slot = slot_of(block, level);
        tree_make_dirty(node, &sums->dirty);
        if (!node->children[slot])
            node->children[slot] = make(sums, level - 1, block);
        node = node->children[slot];
    }
    tree_make_dirty(node, &sums->dirty);
    node->bytes->sums_leaf.sums[slot_of(block, 0)] = checksum;
    return 0;
}

int sums_get(struct sums *sums, uint64_t block, uint64_t *checksum)
{
    struct node *leaf = NULL;
    if (sums->depth == 0 || block >= covered(sums->depth - 1))
        return -ENOENT;
    int error = load_way(sums, block, &leaf);
    if (error)
        return error;
    if (!leaf)
        return -ENOENT;
    *checksum = leaf->bytes->sums_leaf.sums[slot_of(block, 0)];
    return 0;
}

/* The first block that the child in a slot covers. */
static uint64_t first_below(const struct node *node, unsigned slot)
{
    unsigned level = tree_level(node);
    return node->bytes->header.index * covered(level) + slot * covered(level - 1);
}

static int each_node_below(struct sums *sums, struct node *node,
                           int (*each)(void *context, uint64_t block), void *context)
{
    unsigned level = tree_level(node);
    int error = node->block != 0 ? each(context, node->block) : 0;
    for (unsigned slot = 0; level > 0 && slot < FORMAT_SUMS_INNER && error == 0; slot++) {
        const struct format_ref *ref = tree_ref(node, slot);
        struct node **child = &node->children[slot];
        /* The reference says all there is to say about a leaf that is not in memory. */
        if (level == 1 && !*child) {
            error = ref->block != 0 ? each(context, ref->block) : 0;
            continue;
        }
        error = load(sums, ref, first_below(node, slot), child);
        if (error == 0 && *child)
            error = each_node_below(sums, *child, each, context);
    }
    return error;
}

int sums_each_node(struct sums *sums, int (*each)(void *context, uint64_t block), void *context)
{
    int error = load(sums, &sums->root_ref, 0, &sums->root);
    return error || !sums->root ? error : each_node_below(sums, sums->root, each, context);
}

uint64_t sums_dirty_nodes(const struct sums *sums)
{
    return sums->dirty;
}

int sums_write(struct sums *sums, const struct directory_writer *writer, uint64_t blocks,
               struct format_ref *ref)
{
    bool empty = !sums->root && sums->root_ref.block == 0;
    uint32_t depth = sums_depth(blocks);
    if (!empty && depth < sums->depth)
        return PMA_EBUG;
    if (!empty && depth > sums->depth) {
        int error = nodes_reserve(sums->pool, depth - sums->depth);
        if (error)
            return error;
        deepen(sums, depth);
    }
    int error = tree_write(sums->host, writer, sums->root, &sums->root_ref, &sums->dirty);
    if (error)
        return error;
    *ref = sums->root_ref;
    return 0;
}

int sums_redo(struct sums *sums, uint64_t epoch)
{
    tree_redo(sums->root, epoch, &sums->dirty);
    return 0;
}

static int vacate_below(struct sums *sums, struct node *node, uint64_t first)
{
    unsigned level = tree_level(node);
    bool dirty = node->block >= first;
    int error = 0;
    for (unsigned slot = 0; level > 0 && slot < FORMAT_SUMS_INNER && error == 0; slot++) {
        struct node **child = &node->children[slot];
        if (!*child && level == 1 && tree_ref(node, slot)->block < first)
            continue;
        error = load(sums, tree_ref(node, slot), first_below(node, slot), child);
        if (error || !*child)
            continue;
        error = vacate_below(sums, *child, first);
        dirty = dirty || (*child)->dirty;
    }
    if (dirty)
        tree_make_dirty(node, &sums->dirty);
    return error;
}

int sums_vacate(struct sums *sums, uint64_t first)
{
    int error = load(sums, &sums->root_ref, 0, &sums->root);
    return error || !sums->root ? error : vacate_below(sums, sums->root, first);
}

static int nothing(void *context, uint64_t block)
{
    (void)context;
    (void)block;
    return 0;
}

static bool has_child(const struct node *node, unsigned slot)
{
    return node->children[slot] || tree_ref(node, slot)->block != 0;
}

static void discard_child(struct sums *sums, struct node *node, unsigned slot)
{
    struct node *child = node->children[slot];
    for (unsigned below = 0; child && tree_level(child) > 0 && below < FORMAT_SUMS_INNER; below++) {
        if (has_child(child, below))
            discard_child(sums, child, below);
    }
    if (child)
        tree_discard(sums->pool, sums->host, child, &sums->dirty);
    else
        sums->host->drop(sums->host->context, tree_ref(node, slot)->block);
    node->children[slot] = NULL;
    *tree_ref(node, slot) = (struct format_ref){0};
    tree_make_dirty(node, &sums->dirty);
}

/* Returns whether the node still covers anything. Its inner nodes are in memory. */
static bool cut_below(struct sums *sums, struct node *node, uint64_t blocks)
{
    bool left = tree_level(node) == 0;
    for (unsigned slot = 0; tree_level(node) > 0 && slot < FORMAT_SUMS_INNER; slot++) {
        if (!has_child(node, slot))
            continue;
        struct node *child = node->children[slot];
        if (first_below(node, slot) >= blocks || (child && !cut_below(sums, child, blocks))) {
            discard_child(sums, node, slot);
            continue;
        }
        if (child && child->dirty)
            tree_make_dirty(node, &sums->dirty);
        left = true;
    }
    return left;
}

int sums_cut(struct sums *sums, uint64_t blocks)
{
    uint32_t depth = sums_depth(blocks);
    int error = sums_each_node(sums, nothing, NULL);
    if (error || !sums->root)
        return error;

    if (!cut_below(sums, sums->root, blocks)) {
        tree_discard(sums->pool, sums->host, sums->root, &sums->dirty);
        sums->root = NULL;
        sums->root_ref = (struct format_ref){0};
        sums->depth = 0;
    }
    /* What is left of a tree that is too deep is all below the first child of its root. */
    for (; sums->depth > depth; sums->depth--) {
        struct node *root = sums->root;
        sums->root_ref = *tree_ref(root, 0);
        sums->root = root->children[0];
        tree_discard(sums->pool, sums->host, root, &sums->dirty);
    }
    return 0;
}
