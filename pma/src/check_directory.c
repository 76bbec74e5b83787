/* SPDX-License-Identifier: MIT */
/* The walk of the page directory, and of the extents in it. */
#include "check_walk.h"

#include <inttypes.h>

/* The walk of one directory, from left to right. */
struct descent {
    struct check_walk *walk;
    struct format_extent previous; /* the extent before; length 0 = there is none */
    bool partial;                  /* a node could not be descended into, so counts are too low */
};

static uint64_t end_of(const struct format_extent *extent)
{
    return extent->page + extent->length;
}

static bool continues(const struct format_extent *left, const struct format_extent *right)
{
    if (left->block == 0 || right->block == 0)
        return left->block == right->block;
    return left->block + left->length == right->block;
}

/* The rules between an extent and the one before it, in this leaf or another. */
static void check_neighbours(struct descent *descent, const struct format_extent *extent)
{
    const struct format_extent *previous = &descent->previous;
    struct check *check = descent->walk->check;
    if (previous->length == 0)
        return;
    if (extent->page < previous->page)
        check_finding(check, RULE_KEYS_ORDERED,
                      "the extent of page %" PRIu64 " comes after that of page %" PRIu64,
                      extent->page, previous->page);
    else if (extent->page < end_of(previous))
        check_finding(check, RULE_PAGES_MAPPED_ONCE,
                      "page %" PRIu64 " is in two extents, from page %" PRIu64
                      " and from page %" PRIu64 " on",
                      extent->page, previous->page, extent->page);
    else if (extent->page == end_of(previous) && continues(previous, extent) &&
             (uint64_t)previous->length + extent->length <= UINT32_MAX)
        check_finding(check, RULE_EXTENTS_JOINED,
                      "the extents of pages %" PRIu64 "-%" PRIu64 " and %" PRIu64 "-%" PRIu64
                      " continue each other, but are two",
                      previous->page, end_of(previous) - 1, extent->page, end_of(extent) - 1);
}

/* Whether the pages are a range of the arena's. */
static bool check_pages(struct check_walk *walk, const struct format_extent *extent,
                        const struct check_place *place)
{
    if (extent->length == 0) {
        check_finding(walk->check, RULE_EXTENTS_NOT_EMPTY,
                      "the extent of page %" PRIu64 " in directory node %" PRIu64 " has no pages",
                      extent->page, place->ref->block);
        return false;
    }
    uint64_t reserved = walk->meta->reserved_pages;
    if (extent->page < reserved && extent->length <= reserved - extent->page)
        return true;
    check_finding(walk->check, RULE_PAGES_INSIDE_ARENA,
                  "the extent of %" PRIu32 " pages from page %" PRIu64
                  " on leaves the arena, which has %" PRIu64 " pages",
                  extent->length, extent->page, reserved);
    /* Beyond it, sums of page numbers could overflow. */
    return extent->page <= UINT64_MAX / PMA_PAGE_SIZE;
}

static int visit_extent(struct descent *descent, const struct check_place *place,
                        const struct format_extent *extent, uint64_t position)
{
    struct check_walk *walk = descent->walk;
    const struct pma_check_visitor *visitor = walk->check->visitor;
    if (extent->reserved != 0)
        check_finding(walk->check, RULE_RESERVED_ZERO,
                      "the extent of page %" PRIu64 " has reserved bytes that are not zero",
                      extent->page);
    walk->extents++;
    walk->pages += extent->length;
    if (!check_pages(walk, extent, place))
        return 0;
    check_neighbours(descent, extent);
    if (end_of(extent) > place->after)
        check_finding(walk->check, RULE_KEYS_ORDERED,
                      "the extent of pages %" PRIu64 "-%" PRIu64 " is in directory node %" PRIu64
                      ", but pages from %" PRIu64 " on belong to the next node",
                      extent->page, end_of(extent) - 1, place->ref->block, place->after);
    descent->previous = *extent;

    uint64_t bad_blocks = 0;
    bool sound = extent->block == 0 ||
                 check_own(walk, OWNER_DATA, extent->block, extent->length, extent->page);
    int code = sound ? check_heap_extent(walk, extent) : 0;
    if (code != 0)
        return code;
    if (extent->block != 0 && sound) {
        if (!walk->sums_partial)
            check_cover(walk, extent);
        code = walk->check->data ? check_data(walk, extent, &bad_blocks) : 0;
        if (code != 0)
            return code;
    } else if (extent->block == 0 && walk->check->data && visitor->page && !walk->seen) {
        visitor->page(visitor->context, extent->page, extent->length, NULL);
    }
    if (visitor->extent && !walk->seen)
        visitor->extent(visitor->context, &(struct pma_check_extent){
                                              .page = extent->page,
                                              .block = extent->block,
                                              .length = extent->length,
                                              .node = place->ref->block,
                                              .position = position,
                                              .bad_blocks = bad_blocks,
                                          });
    return 0;
}

/* Whether the number of entries is one that the node can have; findings if the rules forbid it. */
static bool check_fill(struct check_walk *walk, const struct check_place *place, uint32_t count)
{
    uint32_t room = place->depth == 1 ? FORMAT_LEAF_EXTENTS : FORMAT_INNER_CHILDREN;
    uint32_t fanout = walk->meta->fanout;
    uint32_t most = fanout != 0 && fanout < room ? fanout : room;
    bool root = place->parent == 0;
    uint32_t least = !root ? (most + 3) / 4 : place->depth == 1 ? 1 : 2;
    if (count < 1 || count < least || count > most)
        check_finding(
            walk->check, RULE_NODES_FILLED,
            "directory node %" PRIu64 " has %" PRIu32 " entries; %s has %" PRIu32 " to %" PRIu32,
            place->ref->block, count,
            place->depth == 1 ? "a leaf in its place" : "an inner node in its place", least, most);
    return count >= 1 && count <= room;
}

static void check_rest(struct check_walk *walk, const struct check_place *place,
                       const union check_node *node, size_t used)
{
    if (node->header.index != 0)
        check_finding(walk->check, RULE_RESERVED_ZERO,
                      "the header of directory node %" PRIu64
                      " has reserved bytes that are not zero",
                      place->ref->block);
    if (!format_is_zero((const unsigned char *)node + used, sizeof *node - used))
        check_finding(walk->check, RULE_RESERVED_ZERO,
                      "directory node %" PRIu64 " is not zero after its last entry",
                      place->ref->block);
}

static void check_key(struct check_walk *walk, const struct check_place *place, uint64_t smallest)
{
    if (place->parent != 0 && smallest != place->first)
        check_finding(walk->check, RULE_KEYS_ORDERED,
                      "directory node %" PRIu64 " begins with page %" PRIu64
                      ", its key in node %" PRIu64 " is %" PRIu64,
                      place->ref->block, smallest, place->parent, place->first);
}

static int visit(struct descent *descent, const struct check_place *place);

static int visit_leaf(struct descent *descent, const struct check_place *place,
                      const struct format_leaf *leaf)
{
    check_key(descent->walk, place, leaf->extents[0].page);
    int code = 0;
    for (uint32_t i = 0; code == 0 && i < leaf->header.count; i++)
        code = visit_extent(descent, place, &leaf->extents[i], i);
    return code;
}

static int visit_inner(struct descent *descent, const struct check_place *place,
                       const struct format_inner *inner)
{
    struct check_walk *walk = descent->walk;
    const struct format_child *children = inner->children;
    uint32_t count = inner->header.count;
    check_key(walk, place, children[0].page);
    int code =
        check_load_children(walk, &children[0].ref, sizeof children[0], count, place->depth - 1);
    for (uint32_t i = 0; code == 0 && i < count; i++) {
        struct check_place child = {
            .tree = PMA_CHECK_DIRECTORY,
            .ref = &children[i].ref,
            .parent = place->ref->block,
            .parent_epoch = inner->header.epoch,
            .depth = place->depth - 1,
            .distance = place->distance + 1,
            .first = children[i].page,
            .after = place->after,
        };
        if (i + 1 < count && children[i + 1].page > children[i].page)
            child.after = children[i + 1].page;
        else if (i + 1 < count)
            check_finding(walk->check, RULE_KEYS_ORDERED,
                          "directory node %" PRIu64 " has key %" PRIu64 " before key %" PRIu64,
                          place->ref->block, children[i].page, children[i + 1].page);
        code = visit(descent, &child);
    }
    return code;
}

static int visit(struct descent *descent, const struct check_place *place)
{
    struct check_walk *walk = descent->walk;
    struct check_content content;
    int entered = check_enter(walk, place, &content);
    if (entered <= 0) {
        descent->partial = true;
        return entered;
    }
    const union check_node *node = content.node;
    uint32_t count = node->header.count;
    if (!check_fill(walk, place, count)) {
        descent->partial = true;
        check_report_node(walk, place, &content, place->first, place->first);
        return 0;
    }
    bool is_leaf = place->depth == 1;
    uint64_t first = is_leaf ? node->leaf.extents[0].page : node->inner.children[0].page;
    check_rest(walk, place, node,
               sizeof node->header + count * (is_leaf ? sizeof node->leaf.extents[0]
                                                      : sizeof node->inner.children[0]));
    int code = is_leaf ? visit_leaf(descent, place, &node->leaf)
                       : visit_inner(descent, place, &node->inner);
    if (code == 0)
        check_report_node(walk, place, &content, first,
                          descent->previous.length && end_of(&descent->previous) > first
                              ? end_of(&descent->previous) - 1
                              : first);
    return code;
}

int check_directory(struct check_walk *walk)
{
    struct descent descent = {.walk = walk};
    const struct format_meta *meta = walk->meta;
    const struct format_ref *root = &meta->directory;
    if (root->block != 0) {
        struct check_place place = {
            .tree = PMA_CHECK_DIRECTORY,
            .ref = root,
            .parent_epoch = meta->snapshot,
            .depth = root->depth < 1                 ? 1
                     : root->depth > CHECK_MAX_DEPTH ? CHECK_MAX_DEPTH
                                                     : root->depth,
            .after = UINT64_MAX,
        };
        int code = visit(&descent, &place);
        if (code != 0)
            return code;
    } else if (!format_is_zero(root, sizeof *root)) {
        check_finding(walk->check, RULE_RESERVED_ZERO,
                      "the reference to the directory root names no block, but is not zero");
    }
    walk->directory_partial = descent.partial;
    if (!descent.partial && (walk->extents != meta->extents || walk->pages != meta->pages))
        check_finding(walk->check, RULE_COUNTS_MATCH,
                      "the directory holds %" PRIu64 " extents of %" PRIu64
                      " pages, the meta page says %" PRIu64 " of %" PRIu64,
                      walk->extents, walk->pages, meta->extents, meta->pages);
    return 0;
}
