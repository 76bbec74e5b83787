/* SPDX-License-Identifier: MIT */
/*
 * Changes of the page directory. Each is a replacement: a run of whole extents goes and at most
 * three new ones come in its place (what is left of the first, the new one, what is left of the
 * last).
 *
 * It happens in three steps. The plan says what replaces what. Then every node that can be touched
 * is read, and the nodes that splits may need are reserved; only these two can fail. The commit
 * then works on memory alone, one leaf at a time; between two leaves the tree is in order, every
 * node but the root at least a quarter full.
 */
#include "directory_replace.h"

#include <errno.h>

static void append(struct replacement *plan, const struct extent *extent)
{
    struct extent *last = plan->count > 0 ? &plan->extents[plan->count - 1] : NULL;
    if (last && extent_continues(last, extent)) {
        last->length += extent->length;
        if (!(extent->flags & EXTENT_MAPPED))
            last->flags &= (uint8_t)~EXTENT_MAPPED;
    } else {
        plan->extents[plan->count++] = *extent;
    }
}

int replacement_plan(struct directory *directory, uint64_t first, uint64_t end,
                     const struct extent *extent, struct replacement *plan)
{
    struct extent left, right;
    *plan = (struct replacement){.first = first, .end = end};

    int error = first > 0 ? directory_find(directory, first - 1, &left) : -ENOENT;
    if (error && error != -ENOENT)
        return error;
    if (error == 0) {
        struct extent rest = extent_clip(&left, 0, first);
        if (extent_end(&left) > first || (extent && extent_continues(&rest, extent))) {
            plan->first = left.page;
            append(plan, &rest);
        }
    }
    if (extent)
        append(plan, extent);

    error = directory_find(directory, end, &right);
    if (error && error != -ENOENT)
        return error;
    if (error == 0) {
        struct extent rest = extent_clip(&right, end, UINT64_MAX);
        const struct extent *last = plan->count > 0 ? &plan->extents[plan->count - 1] : NULL;
        if (right.page < end || (extent && extent_continues(last, &rest))) {
            plan->end = extent_end(&right);
            append(plan, &rest);
        }
    }
    return 0;
}

/* Which entries of the leaf at the end of `path` a replacement takes out. */
static unsigned doomed(const struct path *path, const struct replacement *plan, unsigned *slot)
{
    const struct node *leaf = path->at[0].node;
    *slot = directory_node_slot(leaf, plan->first);
    return directory_node_slot(leaf, plan->end) - *slot;
}

/* A node, and where the pages below it end. */
struct place {
    struct node *node;
    uint64_t limit;
};

static int go_below(struct directory *directory, struct place from, unsigned slot, struct place *to)
{
    struct place below = {.limit = directory_child_limit(from.node, slot, from.limit)};
    int error = directory_child(directory, from.node, slot, from.limit, &below.node);
    if (error == 0)
        *to = below;
    return error;
}

/* Reads, on every level, the nodes before and behind the one on the way to `page`. */
static int read_sides(struct directory *directory, uint64_t page)
{
    struct place here = {.limit = UINT64_MAX}, before = {0}, behind = {0};
    int error = directory_root(directory, &here.node);
    while (error == 0 && tree_level(here.node) > 0) {
        unsigned slot = directory_node_covering(here.node, page);
        if (slot + 1 < directory_node_count(here.node))
            error = go_below(directory, here, slot + 1, &behind);
        else if (behind.node)
            error = go_below(directory, behind, 0, &behind);
        if (error)
            return error;
        if (slot > 0)
            error = go_below(directory, here, slot - 1, &before);
        else if (before.node)
            error = go_below(directory, before, directory_node_count(before.node) - 1, &before);
        if (error)
            return error;
        error = go_below(directory, here, slot, &here);
    }
    return error;
}

/*
 * Reads every node that a replacement can touch if nodes become too empty: those with entries that
 * go, and what they may be merged with. That is the neighbour on each side of the run on each
 * level: a node of the run that meets it is then full enough, so nothing goes further.
 */
int replacement_read(struct directory *directory, const struct replacement *plan)
{
    struct path path = {.limit = plan->first};
    do {
        int error = directory_descend(directory, path.limit, &path);
        if (error)
            return error;
    } while (path.limit < plan->end);
    int error = read_sides(directory, plan->first);
    return error ? error : read_sides(directory, plan->end - 1);
}

/* The same for a single replacement, which often leaves its only leaf full enough. */
static int read_nodes(struct directory *directory, const struct replacement *plan)
{
    struct path path;
    int error = directory_descend(directory, plan->first, &path);
    if (error || path.depth == 0)
        return error;
    if (path.limit >= plan->end) {
        unsigned slot, going = doomed(&path, plan, &slot);
        unsigned left = directory_node_count(path.at[0].node) - going + plan->count;
        if (left >= directory_node_fewest(directory, 0))
            return 0;
    }
    return replacement_read(directory, plan);
}

/*
 * An entry that finds its leaf full splits at most one node on every level and adds a root. At most
 * three entries come, and each may find one level more than the one before it.
 */
int replacement_reserve(struct directory *directory)
{
    size_t depth = directory->root ? tree_level(directory->root) + 1 : 0;
    return nodes_reserve(directory->pool, 3 * (depth + 2));
}

/* From here on: commit. Every node on the way is in memory, and the reserve holds what is taken. */

static void make_path_dirty(struct directory *directory, const struct path *path)
{
    for (unsigned level = 0; level < path->depth; level++)
        tree_make_dirty(path->at[level].node, &directory->dirty);
}

void directory_count_flags(struct directory *directory, uint8_t flags, bool coming)
{
    const uint64_t one = coming ? 1 : UINT64_MAX;
    directory->writable += flags & EXTENT_WRITABLE ? one : 0;
    directory->private += flags & EXTENT_PRIVATE ? one : 0;
}

static struct node *make_node(struct directory *directory, unsigned level)
{
    return tree_make(directory->pool, FORMAT_KIND_DIRECTORY, level, &directory->dirty);
}

static void discard(struct directory *directory, struct node *node)
{
    tree_discard(directory->pool, directory->host, node, &directory->dirty);
}

static void set_child_page(struct node *inner, unsigned slot, const struct node *child)
{
    inner->bytes->inner.children[slot].page = directory_node_page(child, 0);
}

static void add_root(struct directory *directory, struct path *path)
{
    struct node *root = make_node(directory, path->depth);
    directory_node_insert_child(root, 0, directory->root);
    directory->root = root;
    path->at[path->depth++] = (struct step){.node = root, .slot = 0};
}

/* Moves the upper half of a full node to a new one beside it. Its parent has room. */
static void split(struct directory *directory, struct path *path, unsigned level)
{
    struct step *step = &path->at[level], *above = &path->at[level + 1];
    struct node *right = make_node(directory, level);
    unsigned half = directory_node_count(step->node) / 2;
    directory_node_move(right, 0, step->node, half, directory_node_count(step->node) - half);
    directory_node_insert_child(above->node, above->slot + 1, right);

    /* A leaf's slot is where an entry will come, and may be the left half's end. */
    if (level == 0 ? step->slot > half : step->slot >= half) {
        step->node = right;
        step->slot -= half;
        above->slot++;
    }
}

static void make_room(struct directory *directory, struct path *path)
{
    unsigned full = 0;
    while (full < path->depth &&
           directory_node_count(path->at[full].node) == directory_node_most(directory, full))
        full++;
    if (full > 0 && full == path->depth)
        add_root(directory, path);
    for (unsigned level = full; level-- > 0;)
        split(directory, path, level);
}

/*
 * Inserts at the path's slot, and leaves the path behind what it inserted. The smallest pages in
 * its ancestors are left to settle(): a path that begins at a node's first entry never leaves that
 * node for the right half, so what is wrong stays on it.
 */
static void insert(struct directory *directory, struct path *path, const struct extent *extent)
{
    if (path->depth == 0) {
        directory->root = make_node(directory, 0);
        path->at[0] = (struct step){.node = directory->root, .slot = 0};
        path->depth = 1;
    }
    make_room(directory, path);
    directory_node_insert_extent(path->at[0].node, path->at[0].slot++, extent);
    directory->extents++;
    directory->pages += extent->length;
    directory_count_flags(directory, extent->flags, true);
}

static void erase(struct directory *directory, struct node *leaf, unsigned slot, unsigned count)
{
    for (unsigned i = slot; i < slot + count; i++) {
        directory->pages -= directory_node_extent(leaf, i).length;
        directory_count_flags(directory, leaf->flags[i], false);
    }
    directory->extents -= count;
    directory_node_remove(leaf, slot, count);
}

static void remove_child(struct directory *directory, struct node *inner, unsigned slot)
{
    struct node *child = inner->children[slot];
    directory_node_remove(inner, slot, 1);
    discard(directory, child);
}

/* Merges the children at `slot` and `slot + 1`, or evens them out if they do not fit into one. */
static void merge(struct directory *directory, struct node *inner, unsigned slot)
{
    struct node *left = inner->children[slot], *right = inner->children[slot + 1];
    unsigned left_count = directory_node_count(left), right_count = directory_node_count(right);
    unsigned half = (left_count + right_count) / 2;

    tree_make_dirty(left, &directory->dirty);
    tree_make_dirty(right, &directory->dirty);
    if (left_count + right_count <= directory_node_most(directory, tree_level(left))) {
        directory_node_move(left, left_count, right, 0, right_count);
        remove_child(directory, inner, slot + 1);
        return;
    }
    if (left_count < half)
        directory_node_move(left, left_count, right, 0, half - left_count);
    else
        directory_node_move(right, 0, left, half, left_count - half);
    set_child_page(inner, slot + 1, right);
}

/* Makes the child in a slot full enough with the help of its siblings. */
static void refill(struct directory *directory, struct node *inner, unsigned slot)
{
    unsigned fewest = directory_node_fewest(directory, tree_level(inner) - 1);
    while (directory_node_count(inner->children[slot]) < fewest) {
        if (slot > 0 && inner->children[slot - 1])
            merge(directory, inner, --slot);
        else if (slot + 1 < directory_node_count(inner) && inner->children[slot + 1])
            merge(directory, inner, slot);
        else
            break;
    }
}

static void shrink_root(struct directory *directory)
{
    struct node *root = directory->root;
    while (tree_level(root) > 0 && directory_node_count(root) == 1 && root->children[0]) {
        directory->root_ref = *tree_ref(root, 0);
        directory->root = root->children[0];
        discard(directory, root);
        root = directory->root;
    }
    if (directory_node_count(root) == 0) {
        directory->root_ref = (struct format_ref){0};
        directory->root = NULL;
        discard(directory, root);
    }
}

/* Puts the nodes on a path in order again, from the leaf up, after its entries have changed. */
static void settle(struct directory *directory, struct path *path)
{
    for (unsigned level = 0; level + 1 < path->depth; level++) {
        struct node *node = path->at[level].node;
        const struct step *above = &path->at[level + 1];
        if (directory_node_count(node) == 0) {
            remove_child(directory, above->node, above->slot);
        } else {
            set_child_page(above->node, above->slot, node);
            refill(directory, above->node, above->slot);
        }
    }
    shrink_root(directory);
}

/*
 * Takes the doomed entries out until those that are left are in the leaf that gets the new ones,
 * and finds that leaf.
 */
static int erase_elsewhere(struct directory *directory, const struct replacement *plan,
                           struct path *path)
{
    for (;;) {
        int error = directory_descend(directory, plan->first, path);
        if (error || path->depth == 0 || path->limit >= plan->end)
            return error;
        unsigned slot, count = doomed(path, plan, &slot);
        if (count == 0) {
            error = directory_descend(directory, path->limit, path);
            if (error)
                return error;
            count = doomed(path, plan, &slot);
        }
        make_path_dirty(directory, path);
        erase(directory, path->at[0].node, slot, count);
        settle(directory, path);
    }
}

int replacement_commit(struct directory *directory, const struct replacement *plan)
{
    struct path path;
    int error = erase_elsewhere(directory, plan, &path);
    if (error)
        return error;
    unsigned count = 0;
    if (path.depth > 0)
        count = doomed(&path, plan, &path.at[0].slot);
    if (count == 0 && plan->count == 0)
        return 0;
    make_path_dirty(directory, &path);
    if (count > 0)
        erase(directory, path.at[0].node, path.at[0].slot, count);
    for (unsigned i = 0; i < plan->count; i++)
        insert(directory, &path, &plan->extents[i]);
    settle(directory, &path);
    return 0;
}

static int replace(struct directory *directory, uint64_t first, uint64_t end,
                   const struct extent *extent)
{
    struct replacement plan;
    int error = replacement_plan(directory, first, end, extent, &plan);
    if (error == 0)
        error = read_nodes(directory, &plan);
    if (error == 0)
        error = replacement_reserve(directory);
    if (error == 0)
        error = replacement_commit(directory, &plan);
    return error;
}

int directory_put(struct directory *directory, const struct extent *extent)
{
    if (extent->length == 0 || extent->page > UINT64_MAX - extent->length)
        return PMA_EARGUMENT;
    return replace(directory, extent->page, extent_end(extent), extent);
}

/* The gap that is there now can begin in one before it that was too small to be remembered. */
static void forget_gaps(struct directory *directory, uint64_t page)
{
    for (unsigned log2 = 0; log2 < DIRECTORY_GAPS; log2++) {
        uint64_t before = (UINT64_C(1) << log2) - 1;
        uint64_t lowest = page > before ? page - before : 0;
        if (lowest < directory->gaps[log2])
            directory->gaps[log2] = lowest;
    }
}

int directory_remove(struct directory *directory, uint64_t page, uint64_t length)
{
    int error = length > 0 ? replace(directory, page, replacement_end(page, length), NULL) : 0;
    if (length > 0 && error == 0)
        forget_gaps(directory, page);
    return error;
}
