/* SPDX-License-Identifier: MIT */
#include "arena_image.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 4, MOST_VISITS = 10000 };

void arena_image_init(struct arena_image *image, uint64_t blocks)
{
    image->bytes = calloc(blocks, PMA_PAGE_SIZE);
    image->blocks = blocks;
    image->next = FORMAT_META_BLOCKS;
    assert(image->bytes);
}

void arena_image_deinit(struct arena_image *image)
{
    free(image->bytes);
    image->bytes = NULL;
}

unsigned char *arena_image_block(struct arena_image *image, uint64_t block)
{
    assert(block < image->blocks);
    return image->bytes + block * PMA_PAGE_SIZE;
}

struct format_meta *arena_image_meta(struct arena_image *image, unsigned slot)
{
    return (struct format_meta *)arena_image_block(image, slot);
}

union arena_node *arena_image_node(struct arena_image *image, const struct format_ref *ref)
{
    return (union arena_node *)arena_image_block(image, ref->block);
}

static uint64_t take(struct arena_image *image, uint64_t count)
{
    uint64_t block = image->next;
    image->next += count;
    assert(image->next <= image->blocks);
    return block;
}

uint64_t arena_image_data(struct arena_image *image, uint64_t count)
{
    uint64_t first = take(image, count);
    for (uint64_t block = first; block < first + count; block++)
        for (size_t i = 0; i < PMA_PAGE_SIZE; i++)
            arena_image_block(image, block)[i] = (unsigned char)(block * 31 + i * 7 + i / 256);
    return first;
}

/* Finds a block that holds a node with the same entries, of any epoch. */
static uint64_t find_equal(struct arena_image *image, const union arena_node *node)
{
    for (uint64_t block = FORMAT_META_BLOCKS; block < image->next; block++) {
        union arena_node written;
        memcpy(&written, arena_image_block(image, block), sizeof(written));
        written.header.block = node->header.block;
        written.header.epoch = node->header.epoch;
        if (memcmp(&written, node, sizeof(written)) == 0)
            return block;
    }
    return 0;
}

static struct format_ref put_node(struct arena_image *image, union arena_node *node, uint64_t epoch)
{
    uint64_t block = find_equal(image, node);
    if (block) {
        memcpy(node, arena_image_block(image, block), sizeof(*node));
    } else {
        block = take(image, 1);
        node->header.block = block;
        node->header.epoch = epoch;
        memcpy(arena_image_block(image, block), node, sizeof(*node));
    }
    return (struct format_ref){
        .block = block,
        .checksum = format_checksum(node, sizeof(*node)),
        .epoch = node->header.epoch,
        .depth = (uint32_t)node->header.level + 1,
    };
}

/* One level of the directory: `count` entries, spread evenly over as few nodes as hold them. */
static size_t put_level(struct arena_image *image, uint64_t epoch, uint32_t fanout, uint16_t level,
                        const struct format_extent *extents, const struct format_child *children,
                        size_t count, struct format_child *above)
{
    size_t room = level ? FORMAT_INNER_CHILDREN : FORMAT_LEAF_EXTENTS;
    if (fanout && fanout < room)
        room = fanout;
    size_t nodes = (count + room - 1) / room;
    for (size_t i = 0, at = 0, next; i < nodes; i++, at = next) {
        next = count * (i + 1) / nodes;
        union arena_node node = {.header = {.kind = FORMAT_KIND_DIRECTORY,
                                            .level = level,
                                            .count = (uint16_t)(next - at)}};
        if (level)
            memcpy(node.inner.children, children + at, (next - at) * sizeof(*children));
        else
            memcpy(node.leaf.extents, extents + at, (next - at) * sizeof(*extents));
        uint64_t page = level ? children[at].page : extents[at].page;
        above[i] = (struct format_child){.page = page, .ref = put_node(image, &node, epoch)};
    }
    return nodes;
}

static struct format_ref put_directory(struct arena_image *image, uint64_t epoch, uint32_t fanout,
                                       const struct format_extent *extents, size_t count)
{
    if (count == 0)
        return (struct format_ref){0};
    struct format_child *children = calloc(count, sizeof(*children));
    assert(children);
    size_t nodes = put_level(image, epoch, fanout, 0, extents, NULL, count, children);
    for (uint16_t level = 1; nodes > 1; level++)
        nodes = put_level(image, epoch, fanout, level, NULL, children, nodes, children);
    struct format_ref root = children[0].ref;
    free(children);
    return root;
}

/* The subtree of checksums that begins with block `first`; no block if it would state none. */
static struct format_ref put_sums(struct arena_image *image, uint64_t epoch, uint32_t depth,
                                  uint64_t first, uint64_t blocks, const bool *is_data)
{
    union arena_node node = {.header = {.kind = FORMAT_KIND_SUMS,
                                        .level = (uint16_t)(depth - 1),
                                        .count = depth == 1 ? FORMAT_SUMS_LEAF : FORMAT_SUMS_INNER,
                                        .index = first / blocks}};
    uint64_t below = depth == 1 ? 1 : blocks / FORMAT_SUMS_INNER;
    bool any = false;
    for (uint32_t i = 0; i < node.header.count; i++) {
        uint64_t block = first + i * below;
        if (block >= image->blocks)
            break;
        if (depth > 1) {
            node.sums_inner.children[i] = put_sums(image, epoch, depth - 1, block, below, is_data);
            any |= node.sums_inner.children[i].block != 0;
        } else if (is_data[block]) {
            node.sums_leaf.sums[i] =
                format_checksum(arena_image_block(image, block), PMA_PAGE_SIZE);
            any = true;
        }
    }
    return any ? put_node(image, &node, epoch) : (struct format_ref){0};
}

void arena_image_snapshot(struct arena_image *image, unsigned slot, uint64_t number,
                          const struct format_extent *extents, size_t count, uint32_t fanout)
{
    bool *is_data = calloc(image->blocks, sizeof(*is_data));
    assert(is_data);
    struct format_meta *meta = arena_image_meta(image, slot);
    *meta = (struct format_meta){
        .version = FORMAT_VERSION,
        .byte_order = FORMAT_BYTE_ORDER,
        .page_size = PMA_PAGE_SIZE,
        .fanout = fanout,
        .uuid = {0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0x46, 0xa7, 0x88, 0xa9, 10, 11, 12, 13, 14,
                 15},
        .snapshot = number,
        .event = 100 + number,
        .base = PMA_DEFAULT_BASE,
        .reserved_pages = 4096,
        .file_blocks = image->blocks,
        .extents = count,
        .roots = {[0] = PMA_DEFAULT_BASE, [5] = 55},
    };
    memcpy(meta->magic, FORMAT_MAGIC, sizeof(meta->magic));
    for (size_t i = 0; i < count; i++) {
        meta->pages += extents[i].length;
        for (uint32_t j = 0; extents[i].block && j < extents[i].length; j++)
            is_data[extents[i].block + j] = true;
    }
    meta->directory = put_directory(image, number, fanout, extents, count);
    uint32_t depth = 1;
    uint64_t covered = FORMAT_SUMS_LEAF;
    for (; covered < image->blocks; covered *= FORMAT_SUMS_INNER)
        depth++;
    meta->sums = put_sums(image, number, depth, 0, covered, is_data);
    free(is_data);
    arena_image_seal(image);
}

/* Planted references can make circles, so the levels are counted down here, and the visits. */
static void seal_ref(struct arena_image *image, struct format_ref *ref, unsigned levels,
                     unsigned *visits)
{
    if (levels == 0 || *visits == 0 || ref->block < FORMAT_META_BLOCKS ||
        ref->block >= image->blocks)
        return;
    union arena_node *node = arena_image_node(image, ref);
    --*visits;
    if (node->header.kind == FORMAT_KIND_DIRECTORY && node->header.level > 0)
        for (unsigned i = 0; i < node->header.count && i < FORMAT_INNER_CHILDREN; i++)
            seal_ref(image, &node->inner.children[i].ref, levels - 1, visits);
    if (node->header.kind == FORMAT_KIND_SUMS && node->header.level > 0)
        for (unsigned i = 0; i < FORMAT_SUMS_INNER; i++)
            seal_ref(image, &node->sums_inner.children[i], levels - 1, visits);
    ref->checksum = format_checksum(node, sizeof(*node));
}

void arena_image_seal(struct arena_image *image)
{
    for (unsigned slot = 0; slot < FORMAT_META_BLOCKS; slot++) {
        struct format_meta *meta = arena_image_meta(image, slot);
        if (memcmp(meta->magic, FORMAT_MAGIC, sizeof(meta->magic)) != 0)
            continue;
        unsigned visits = MOST_VISITS;
        seal_ref(image, &meta->directory, DEEPEST, &visits);
        visits = MOST_VISITS;
        seal_ref(image, &meta->sums, DEEPEST, &visits);
        meta->checksum = format_checksum(meta, offsetof(struct format_meta, checksum));
    }
}

void arena_image_sample(struct arena_image *image)
{
    arena_image_init(image, SAMPLE_BLOCKS);
    struct format_extent extents[SAMPLE_EXTENTS] = {0};
    for (uint32_t i = 0; i < SAMPLE_EXTENTS; i++) {
        extents[i].page = 4 * i;
        extents[i].length = 1 + i % 2;
        if (i != 4)
            extents[i].block = arena_image_data(image, extents[i].length);
    }
    arena_image_snapshot(image, 1, SAMPLE_SNAPSHOT - 1, extents, SAMPLE_EXTENTS, SAMPLE_FANOUT);
    extents[3].block = arena_image_data(image, extents[3].length);
    arena_image_snapshot(image, 0, SAMPLE_SNAPSHOT, extents, SAMPLE_EXTENTS, SAMPLE_FANOUT);
}
