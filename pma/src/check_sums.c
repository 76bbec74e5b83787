/* SPDX-License-Identifier: MIT */
/* The walk of the checksum tree. It leaves the leaves in walk->sums, for the data. */
#include "check_walk.h"

#include <inttypes.h>

static uint64_t divide_up(uint64_t count, uint64_t by)
{
    return count / by + (count % by != 0);
}

static uint32_t depth_for(uint64_t blocks)
{
    uint32_t depth = 1;
    for (uint64_t nodes = divide_up(blocks, FORMAT_SUMS_LEAF); nodes > 1;
         nodes = divide_up(nodes, FORMAT_SUMS_INNER))
        depth++;
    return depth;
}

/* Leaves that a node of `depth` levels has room for. */
static uint64_t leaves_below(uint32_t depth)
{
    uint64_t leaves = 1;
    while (--depth > 0)
        leaves *= FORMAT_SUMS_INNER;
    return leaves;
}

static int visit(struct check_walk *walk, const struct check_place *place);

static int visit_children(struct check_walk *walk, const struct check_place *place,
                          const struct format_sums_inner *inner)
{
    uint64_t leaves = leaves_below(place->depth - 1);
    int code = check_load_children(walk, inner->children, sizeof inner->children[0],
                                   FORMAT_SUMS_INNER, place->depth - 1);
    for (uint32_t i = 0; code == 0 && i < FORMAT_SUMS_INNER; i++) {
        const struct format_ref *ref = &inner->children[i];
        struct check_place child = {
            .tree = PMA_CHECK_SUMS,
            .ref = ref,
            .parent = place->ref->block,
            .parent_epoch = inner->header.epoch,
            .depth = place->depth - 1,
            .distance = place->distance + 1,
            .first = place->first + i * leaves,
        };
        if (ref->block != 0)
            code = visit(walk, &child);
        else if (!format_is_zero(ref, sizeof *ref))
            check_finding(walk->check, RULE_RESERVED_ZERO,
                          "reference %" PRIu32 " in checksum node %" PRIu64
                          " names no block, but is not zero",
                          i, place->ref->block);
    }
    return code;
}

static int visit(struct check_walk *walk, const struct check_place *place)
{
    struct check_content content;
    int entered = check_enter(walk, place, &content);
    if (entered <= 0) {
        walk->sums_partial = true;
        return entered;
    }
    const struct format_node_header *header = &content.node->header;
    uint32_t slots = place->depth == 1 ? FORMAT_SUMS_LEAF : FORMAT_SUMS_INNER;
    uint64_t leaves = leaves_below(place->depth), index = place->first / leaves;
    if (header->count != slots || header->index != index)
        check_finding(walk->check, RULE_NODES_IN_PLACE,
                      "checksum node %" PRIu64 " says that it has index %" PRIu64
                      " and %d slots, its place demands index %" PRIu64 " and %" PRIu32 " slots",
                      place->ref->block, header->index, header->count, index, slots);
    if (place->first * FORMAT_SUMS_LEAF >= walk->meta->file_blocks)
        check_finding(walk->check, RULE_SUMS_COVER,
                      "checksum node %" PRIu64 " covers blocks from %" PRIu64
                      " on, but the file has %" PRIu64,
                      place->ref->block, place->first * FORMAT_SUMS_LEAF, walk->meta->file_blocks);
    if (place->depth > 1) {
        int code = visit_children(walk, place, &content.node->sums_inner);
        if (code != 0)
            return code;
    } else if (place->first < walk->sums_count) {
        walk->sums[place->first] = &content.node->sums_leaf;
    }
    check_report_node(walk, place, &content, place->first, place->first + leaves - 1);
    return 0;
}

int check_sums(struct check_walk *walk)
{
    const struct format_ref *root = &walk->meta->sums;
    if (root->block == 0) {
        if (!format_is_zero(root, sizeof *root))
            check_finding(walk->check, RULE_RESERVED_ZERO,
                          "the reference to the checksum root names no block, but is not zero");
        return 0;
    }
    uint32_t demanded = depth_for(walk->meta->file_blocks);
    if (root->depth != demanded)
        check_finding(walk->check, RULE_SUMS_COVER,
                      "the checksum tree has depth %" PRIu32 ", a file of %" PRIu64
                      " blocks demands %" PRIu32,
                      root->depth, walk->meta->file_blocks, demanded);
    struct check_place place = {
        .tree = PMA_CHECK_SUMS,
        .ref = root,
        .parent_epoch = walk->meta->snapshot,
        .depth = root->depth >= 1 && root->depth <= CHECK_MAX_SUMS_DEPTH ? root->depth : demanded,
    };
    return visit(walk, &place);
}
