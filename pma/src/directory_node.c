/* SPDX-License-Identifier: MIT */
#include "directory_node.h"

#include <string.h>

unsigned directory_node_most(const struct directory *directory, unsigned level)
{
    unsigned fits = level == 0 ? FORMAT_LEAF_EXTENTS : FORMAT_INNER_CHILDREN;
    if (directory->fanout == 0 || directory->fanout > fits)
        return fits;
    return directory->fanout < FORMAT_MIN_FANOUT ? FORMAT_MIN_FANOUT : directory->fanout;
}

unsigned directory_node_fewest(const struct directory *directory, unsigned level)
{
    /* A quarter, as the format asks, and two, so that every node but the root has a sibling. */
    unsigned quarter = (directory_node_most(directory, level) + 3) / 4;
    return quarter < 2 ? 2 : quarter;
}

static struct format_extent *extents(const struct node *leaf)
{
    return leaf->bytes->leaf.extents;
}

static struct format_child *children(const struct node *inner)
{
    return inner->bytes->inner.children;
}

uint64_t directory_node_page(const struct node *node, unsigned slot)
{
    return tree_level(node) == 0 ? extents(node)[slot].page : children(node)[slot].page;
}

unsigned directory_node_slot(const struct node *node, uint64_t page)
{
    static_assert(offsetof(struct format_extent, page) == 0, "a key comes first");
    static_assert(offsetof(struct format_child, page) == 0, "a key comes first");
    const bool leaf = tree_level(node) == 0;
    const char *keys = leaf ? (const char *)extents(node) : (const char *)children(node);
    const size_t stride = leaf ? sizeof(struct format_extent) : sizeof(struct format_child);
    unsigned first = 0;
    /* Halves without a branch that depends on the keys, since nobody could predict it. */
    for (unsigned left = directory_node_count(node); left > 0;) {
        unsigned half = left / 2;
        bool above = *(const uint64_t *)(keys + (first + half) * stride) < page;
        first = above ? first + half + 1 : first;
        left = above ? left - half - 1 : half;
    }
    return first;
}

unsigned directory_node_covering(const struct node *node, uint64_t page)
{
    unsigned slot = directory_node_slot(node, page);
    if (slot < directory_node_count(node) && directory_node_page(node, slot) == page)
        return slot;
    return slot > 0 ? slot - 1 : 0;
}

struct extent directory_node_extent(const struct node *leaf, unsigned slot)
{
    const struct format_extent *entry = &extents(leaf)[slot];
    return (struct extent){
        .page = entry->page,
        .block = entry->block,
        .length = entry->length,
        .flags = leaf->flags[slot],
    };
}

/* Shifts the entries from `from` on, with what memory knows about them, to begin at `to`. */
static void shift(struct node *node, unsigned to, unsigned from)
{
    unsigned count = directory_node_count(node) - from;
    if (tree_level(node) == 0) {
        memmove(&extents(node)[to], &extents(node)[from], count * sizeof(struct format_extent));
        memmove(&node->flags[to], &node->flags[from], count * sizeof(node->flags[0]));
    } else {
        memmove(&children(node)[to], &children(node)[from], count * sizeof(struct format_child));
        memmove(&node->children[to], &node->children[from], count * sizeof(node->children[0]));
    }
}

static void open_gap(struct node *node, unsigned slot, unsigned count)
{
    shift(node, slot + count, slot);
    node->bytes->header.count = (uint16_t)(node->bytes->header.count + count);
}

void directory_node_remove(struct node *node, unsigned slot, unsigned count)
{
    shift(node, slot, slot + count);
    unsigned left = directory_node_count(node) - count;
    node->bytes->header.count = (uint16_t)left;
    /* What is behind the last entry goes to disk as zeros. */
    if (tree_level(node) == 0)
        memset(&extents(node)[left], 0, count * sizeof(struct format_extent));
    else
        memset(&children(node)[left], 0, count * sizeof(struct format_child));
}

void directory_node_insert_extent(struct node *leaf, unsigned slot, const struct extent *extent)
{
    open_gap(leaf, slot, 1);
    extents(leaf)[slot] = (struct format_extent){
        .page = extent->page,
        .block = extent->block,
        .length = extent->length,
    };
    leaf->flags[slot] = extent->flags;
}

void directory_node_insert_child(struct node *inner, unsigned slot, struct node *child)
{
    open_gap(inner, slot, 1);
    /* The reference comes with the write: a new child is dirty. */
    children(inner)[slot] = (struct format_child){.page = directory_node_page(child, 0)};
    inner->children[slot] = child;
}

void directory_node_move(struct node *to, unsigned to_slot, struct node *from, unsigned from_slot,
                         unsigned count)
{
    open_gap(to, to_slot, count);
    if (tree_level(to) == 0) {
        memcpy(&extents(to)[to_slot], &extents(from)[from_slot],
               count * sizeof(struct format_extent));
        memcpy(&to->flags[to_slot], &from->flags[from_slot], count * sizeof(to->flags[0]));
    } else {
        memcpy(&children(to)[to_slot], &children(from)[from_slot],
               count * sizeof(struct format_child));
        memcpy(&to->children[to_slot], &from->children[from_slot], count * sizeof(to->children[0]));
    }
    directory_node_remove(from, from_slot, count);
}

static bool leaf_sane(const struct node *leaf, uint64_t first, uint64_t limit)
{
    uint64_t free_from = first;
    for (unsigned slot = 0; slot < directory_node_count(leaf); slot++) {
        const struct format_extent *extent = &extents(leaf)[slot];
        bool in_order = extent->page >= free_from && extent->page < limit;
        if (!in_order || extent->length == 0 || extent->length > limit - extent->page)
            return false;
        bool hole = extent->block == 0;
        if (!hole &&
            (extent->block < FORMAT_META_BLOCKS || extent->block > UINT64_MAX - extent->length))
            return false;
        if (extent->reserved != 0)
            return false;
        free_from = extent->page + extent->length;
    }
    return true;
}

static bool inner_sane(const struct node *inner, uint64_t first, uint64_t limit)
{
    uint64_t free_from = first;
    for (unsigned slot = 0; slot < directory_node_count(inner); slot++) {
        const struct format_child *child = &children(inner)[slot];
        const struct format_ref *ref = &child->ref;
        if (child->page < free_from || child->page >= limit)
            return false;
        if (ref->block < FORMAT_META_BLOCKS || ref->depth != tree_level(inner) ||
            ref->epoch > inner->bytes->header.epoch || ref->reserved != 0)
            return false;
        free_from = child->page + 1;
    }
    return true;
}

bool directory_node_sane(const struct directory *directory, const struct node *node, uint64_t first,
                         bool exact, uint64_t limit)
{
    unsigned level = tree_level(node), count = directory_node_count(node);
    if (count == 0 || count > directory_node_most(directory, level))
        return false;
    if (node->bytes->header.index != 0)
        return false;
    if (exact && directory_node_page(node, 0) != first)
        return false;
    size_t entry = level == 0 ? sizeof(struct format_extent) : sizeof(struct format_child);
    size_t used = sizeof(struct format_node_header) + count * entry;
    if (!format_is_zero((const unsigned char *)node->bytes + used, sizeof(*node->bytes) - used))
        return false;
    return level == 0 ? leaf_sane(node, first, limit) : inner_sane(node, first, limit);
}
