/* SPDX-License-Identifier: MIT */
#include "directory_path.h"

#include <errno.h>

/* Reads the node that `ref` names and checks it against what its place in the tree asks. */
static int read_node(struct directory *directory, const struct format_ref *ref, uint64_t first,
                     bool exact, uint64_t limit, struct node **node)
{
    struct node *read;
    int error = tree_read(directory->pool, directory->host, ref, FORMAT_KIND_DIRECTORY, &read);
    if (error)
        return error;
    if (!directory_node_sane(directory, read, first, exact, limit)) {
        nodes_give(directory->pool, read);
        return PMA_ECORRUPT;
    }
    *node = read;
    return 0;
}

int directory_root(struct directory *directory, struct node **root)
{
    if (!directory->root && directory->root_ref.block != 0) {
        int error =
            read_node(directory, &directory->root_ref, 0, false, UINT64_MAX, &directory->root);
        if (error)
            return error;
    }
    *root = directory->root;
    return 0;
}

uint64_t directory_child_limit(const struct node *inner, unsigned slot, uint64_t limit)
{
    return slot + 1 < directory_node_count(inner) ? directory_node_page(inner, slot + 1) : limit;
}

int directory_child(struct directory *directory, struct node *inner, unsigned slot, uint64_t limit,
                    struct node **child)
{
    if (!inner->children[slot]) {
        int error =
            read_node(directory, tree_ref(inner, slot), directory_node_page(inner, slot), true,
                      directory_child_limit(inner, slot, limit), &inner->children[slot]);
        if (error)
            return error;
    }
    *child = inner->children[slot];
    return 0;
}

int directory_descend(struct directory *directory, uint64_t page, struct path *path)
{
    struct node *node;
    int error = directory_root(directory, &node);
    if (error)
        return error;
    path->depth = node ? tree_level(node) + 1 : 0;
    path->limit = UINT64_MAX;
    for (unsigned level = path->depth; level-- > 0;) {
        unsigned slot = directory_node_covering(node, page);
        path->at[level] = (struct step){.node = node, .slot = slot};
        if (level == 0)
            break;
        struct node *child;
        error = directory_child(directory, node, slot, path->limit, &child);
        if (error)
            return error;
        path->limit = directory_child_limit(node, slot, path->limit);
        node = child;
    }
    return 0;
}

static int seek_in_leaf(const struct node *leaf, uint64_t page, struct extent *extent)
{
    for (unsigned slot = directory_node_covering(leaf, page); slot < directory_node_count(leaf);
         slot++) {
        struct extent found = directory_node_extent(leaf, slot);
        if (extent_end(&found) > page) {
            *extent = found;
            return 0;
        }
    }
    return -ENOENT;
}

static int seek_below(struct directory *directory, struct node *node, uint64_t limit,
                      enum directory_leaves leaves, uint64_t page, struct extent *extent)
{
    if (leaves == LEAVES_DIRTY && !node->dirty)
        return -ENOENT;
    if (tree_level(node) == 0)
        return seek_in_leaf(node, page, extent);
    for (unsigned slot = directory_node_covering(node, page); slot < directory_node_count(node);
         slot++) {
        struct node *child = node->children[slot];
        if (!child && leaves != LEAVES_ALL)
            continue;
        int error = directory_child(directory, node, slot, limit, &child);
        if (error)
            return error;
        error = seek_below(directory, child, directory_child_limit(node, slot, limit), leaves, page,
                           extent);
        if (error != -ENOENT)
            return error;
    }
    return -ENOENT;
}

int directory_seek(struct directory *directory, enum directory_leaves leaves, uint64_t page,
                   struct extent *extent)
{
    struct node *root = directory->root;
    if (leaves == LEAVES_ALL) {
        int error = directory_root(directory, &root);
        if (error)
            return error;
    }
    return root ? seek_below(directory, root, UINT64_MAX, leaves, page, extent) : -ENOENT;
}

bool extent_continues(const struct extent *left, const struct extent *right)
{
    if (extent_end(left) != right->page)
        return false;
    if (left->length > UINT32_MAX - right->length)
        return false;
    if (((left->flags ^ right->flags) & ~EXTENT_MAPPED) != 0)
        return false;
    if (left->block == 0 || right->block == 0)
        return left->block == right->block;
    return left->block + left->length == right->block;
}

struct extent extent_clip(const struct extent *extent, uint64_t first, uint64_t end)
{
    struct extent part = *extent;
    uint64_t stop = extent_end(extent) < end ? extent_end(extent) : end;
    if (first > part.page) {
        if (part.block != 0)
            part.block += first - part.page;
        part.page = first;
    }
    part.length = (uint32_t)(stop - part.page);
    return part;
}
