/* SPDX-License-Identifier: MIT */
/* The page directory as a whole: looking things up in it and writing it. Changes are in
 * directory_change.c. */
#include "directory.h"

#include <errno.h>

#include "directory_path.h"

void directory_init(struct directory *directory, struct nodes *pool,
                    const struct directory_host *host, uint32_t fanout,
                    const struct format_ref *ref, uint64_t extents, uint64_t pages)
{
    *directory = (struct directory){
        .pool = pool,
        .host = host,
        .fanout = fanout,
        .extents = extents,
        .pages = pages,
    };
    if (ref)
        directory->root_ref = *ref;
}

void directory_deinit(struct directory *directory)
{
    tree_release(directory->pool, directory->root);
    *directory = (struct directory){0};
}

int directory_find(struct directory *directory, uint64_t page, struct extent *extent)
{
    struct path path;
    int error = directory_descend(directory, page, &path);
    if (error)
        return error;
    if (path.depth == 0)
        return -ENOENT;
    struct extent found = directory_node_extent(path.at[0].node, path.at[0].slot);
    if (page < found.page || page >= extent_end(&found))
        return -ENOENT;
    *extent = found;
    return 0;
}

int directory_next(struct directory *directory, uint64_t page, struct extent *extent)
{
    return directory_seek(directory, LEAVES_ALL, page, extent);
}

static unsigned whole_log2(uint64_t number)
{
    unsigned log2 = 0;
    while (number >>= 1)
        log2++;
    return log2;
}

/* A search from `from` on has found the first gap of `length` pages at `found`. */
static void remember_gap(struct directory *directory, uint64_t length, uint64_t from,
                         uint64_t found)
{
    unsigned log2 = whole_log2(length);
    for (log2 += length > UINT64_C(1) << log2; log2 < DIRECTORY_GAPS; log2++) {
        if (from <= directory->gaps[log2] && found > directory->gaps[log2])
            directory->gaps[log2] = found;
    }
}

/* Moves *page up to where `length` pages are free in this directory. */
static int skip_taken(struct directory *directory, uint64_t length, uint64_t *page)
{
    uint64_t known = directory->gaps[whole_log2(length)];
    uint64_t from = *page = *page > known ? *page : known;
    struct path path = {.limit = *page};
    do {
        int error = directory_descend(directory, path.limit, &path);
        if (error || path.depth == 0)
            return error;
        const struct node *leaf = path.at[0].node;
        for (unsigned slot = path.at[0].slot; slot < directory_node_count(leaf); slot++) {
            struct extent extent = directory_node_extent(leaf, slot);
            if (extent_end(&extent) <= *page)
                continue;
            if (extent.page >= *page && extent.page - *page >= length) {
                remember_gap(directory, length, from, *page);
                return 0;
            }
            *page = extent_end(&extent);
        }
    } while (path.limit != UINT64_MAX && path.limit - *page < length);
    remember_gap(directory, length, from, *page);
    return 0;
}

int directory_gap(struct directory *directory, struct directory *other, uint64_t from,
                  uint64_t limit, uint64_t length, uint64_t *page)
{
    uint64_t candidate = from, before;
    do {
        before = candidate;
        int error = skip_taken(directory, length, &candidate);
        if (error == 0 && other)
            error = skip_taken(other, length, &candidate);
        if (error)
            return error;
        if (candidate > limit || length > limit - candidate)
            return -ENOMEM;
    } while (candidate != before);
    *page = candidate;
    return 0;
}

struct walk {
    struct directory *directory;
    bool dirty_only;
    uint8_t flags; /* 0: any */
    uint64_t from;
    directory_visitor *each;
    void *context;
};

static int visit_leaf(const struct walk *walk, const struct node *leaf)
{
    int error = 0;
    for (unsigned slot = directory_node_covering(leaf, walk->from);
         slot < directory_node_count(leaf) && error == 0; slot++) {
        if (walk->flags && !(leaf->flags[slot] & walk->flags))
            continue;
        struct extent extent = directory_node_extent(leaf, slot);
        if (extent_end(&extent) > walk->from)
            error = walk->each(walk->context, &extent);
    }
    return error;
}

static int visit_below(const struct walk *walk, struct node *node, uint64_t limit)
{
    if (walk->dirty_only && !node->dirty)
        return 0;
    if (tree_level(node) == 0)
        return visit_leaf(walk, node);
    int error = 0;
    for (unsigned slot = directory_node_covering(node, walk->from);
         slot < directory_node_count(node) && error == 0; slot++) {
        struct node *child = node->children[slot];
        if (!child && walk->dirty_only)
            continue;
        error = directory_child(walk->directory, node, slot, limit, &child);
        if (error == 0)
            error = visit_below(walk, child, directory_child_limit(node, slot, limit));
    }
    return error;
}

int directory_each_dirty(struct directory *directory, uint8_t flags, uint64_t from,
                         directory_visitor *each, void *context)
{
    const struct walk walk = {directory, true, flags, from, each, context};
    const bool any = !flags || (flags & EXTENT_WRITABLE && directory->writable > 0) ||
                     (flags & EXTENT_PRIVATE && directory->private > 0);
    return any && directory->root ? visit_below(&walk, directory->root, UINT64_MAX) : 0;
}

int directory_each(struct directory *directory, uint64_t from, directory_visitor *each,
                   void *context)
{
    const struct walk walk = {directory, false, 0, from, each, context};
    struct node *root;
    int error = directory_root(directory, &root);
    return error || !root ? error : visit_below(&walk, root, UINT64_MAX);
}

static int each_node_below(struct directory *directory, struct node *node, uint64_t limit,
                           int (*each)(void *context, uint64_t block), void *context)
{
    int error = node->block != 0 ? each(context, node->block) : 0;
    unsigned count = tree_level(node) > 0 ? directory_node_count(node) : 0;
    for (unsigned slot = 0; slot < count && error == 0; slot++) {
        /* The reference says all there is to say about a leaf that is not in memory. */
        if (tree_level(node) == 1 && !node->children[slot]) {
            error = each(context, tree_ref(node, slot)->block);
            continue;
        }
        struct node *child;
        error = directory_child(directory, node, slot, limit, &child);
        if (error == 0)
            error = each_node_below(directory, child, directory_child_limit(node, slot, limit),
                                    each, context);
    }
    return error;
}

int directory_each_node(struct directory *directory, int (*each)(void *context, uint64_t block),
                        void *context)
{
    struct node *root;
    int error = directory_root(directory, &root);
    if (error || !root)
        return error;
    return each_node_below(directory, root, UINT64_MAX, each, context);
}

uint64_t directory_dirty_nodes(const struct directory *directory)
{
    return directory->dirty;
}

static int refuse(void *context, const struct extent *extent)
{
    return PMA_EBUG;
}

int directory_write(struct directory *directory, const struct directory_writer *writer,
                    struct format_ref *ref)
{
    int error = directory_each_dirty(directory, EXTENT_WRITABLE | EXTENT_PRIVATE, 0, refuse, NULL);
    if (error)
        return error;
    error = tree_write(directory->host, writer, directory->root, &directory->root_ref,
                       &directory->dirty);
    if (error)
        return error;
    *ref = directory->root_ref;
    return 0;
}

int directory_redo(struct directory *directory, uint64_t epoch)
{
    tree_redo(directory->root, epoch, &directory->dirty);
    return 0;
}

static int vacate_below(struct directory *directory, struct node *node, uint64_t limit,
                        uint64_t first)
{
    bool dirty = node->block >= first;
    unsigned count = tree_level(node) > 0 ? directory_node_count(node) : 0;
    int error = 0;
    for (unsigned slot = 0; slot < count && error == 0; slot++) {
        struct node *child = node->children[slot];
        if (!child && tree_level(node) == 1 && tree_ref(node, slot)->block < first)
            continue;
        error = directory_child(directory, node, slot, limit, &child);
        if (error)
            break;
        error = vacate_below(directory, child, directory_child_limit(node, slot, limit), first);
        dirty = dirty || child->dirty;
    }
    if (dirty)
        tree_make_dirty(node, &directory->dirty);
    return error;
}

int directory_vacate(struct directory *directory, uint64_t first)
{
    struct node *root;
    int error = directory_root(directory, &root);
    return error || !root ? error : vacate_below(directory, root, UINT64_MAX, first);
}
