/* SPDX-License-Identifier: MIT */
/* The rules of docs/format.md, and those of the tree in memory, checked on what is in memory. */
#include "directory.h"

#include "directory_path.h"

struct survey {
    const struct directory *directory;
    uint64_t extents, pages;
    uint64_t writable, private;
    bool complete; /* no node left unread */
    bool any;      /* `last` is set */
    struct extent last;
    bool gap_since; /* unread nodes between `last` and here */
};

static bool leaf_right(struct survey *survey, const struct node *leaf, uint64_t limit)
{
    for (unsigned slot = 0; slot < directory_node_count(leaf); slot++) {
        struct extent extent = directory_node_extent(leaf, slot);
        if (extent.length == 0 || extent.page >= limit || extent.length > limit - extent.page)
            return false;
        if (survey->any && extent_end(&survey->last) > extent.page)
            return false;
        if (survey->any && !survey->gap_since && extent_continues(&survey->last, &extent))
            return false;
        if (!leaf->dirty && extent.flags & (EXTENT_WRITABLE | EXTENT_PRIVATE))
            return false;
        if (extent.flags & EXTENT_PRIVATE && extent.block != 0)
            return false;
        survey->extents++;
        survey->writable += (extent.flags & EXTENT_WRITABLE) != 0;
        survey->private += (extent.flags & EXTENT_PRIVATE) != 0;
        survey->pages += extent.length;
        survey->last = extent;
        survey->any = true;
        survey->gap_since = false;
    }
    return true;
}

/* Where a node is, as its parent sees it. */
static bool child_right(const struct node *inner, unsigned slot)
{
    const struct node *child = inner->children[slot];
    const struct format_ref *ref = tree_ref(inner, slot);
    if (!child || !child->dirty) {
        if (ref->block < FORMAT_META_BLOCKS || ref->depth != tree_level(inner))
            return false;
    }
    if (!child)
        return true;
    if (child->dirty ? !inner->dirty : child->block != ref->block)
        return false;
    return tree_level(child) + 1 == tree_level(inner) &&
           directory_node_page(child, 0) == directory_node_page(inner, slot);
}

static bool node_right(struct survey *survey, const struct node *node, bool is_root, uint64_t limit)
{
    unsigned level = tree_level(node), count = directory_node_count(node);
    unsigned fewest = directory_node_fewest(survey->directory, level);
    if (is_root)
        fewest = level == 0 ? 1 : 2;
    if (count < fewest || count > directory_node_most(survey->directory, level))
        return false;
    if (node->bytes->header.kind != FORMAT_KIND_DIRECTORY || node->bytes->header.index != 0)
        return false;
    if (level == 0)
        return leaf_right(survey, node, limit);

    for (unsigned slot = 0; slot < count; slot++) {
        uint64_t child_limit = directory_child_limit(node, slot, limit);
        if (child_limit <= directory_node_page(node, slot) || !child_right(node, slot))
            return false;
        if (!node->children[slot]) {
            survey->complete = false;
            survey->gap_since = true;
        } else if (!node_right(survey, node->children[slot], false, child_limit)) {
            return false;
        }
    }
    return true;
}

int directory_verify(struct directory *directory)
{
    struct survey survey = {.directory = directory, .complete = true};
    const struct node *root = directory->root;
    if (root) {
        if (!root->dirty && root->block != directory->root_ref.block)
            return PMA_EBUG;
        if (!node_right(&survey, root, true, UINT64_MAX))
            return PMA_EBUG;
    } else if (directory->root_ref.block != 0) {
        return 0; /* nothing read yet */
    }
    /* None of these is in a node that was not read. */
    if (tree_count_dirty(root) != directory->dirty || survey.writable != directory->writable ||
        survey.private != directory->private)
        return PMA_EBUG;
    if (survey.complete &&
        (survey.extents != directory->extents || survey.pages != directory->pages))
        return PMA_EBUG;
    return 0;
}
