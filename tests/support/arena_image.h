/* SPDX-License-Identifier: MIT */
/*
 * Arena files built by hand from the structs of format.h, with none of the library's writers: what
 * the checker says of them does not depend on whether those are right.
 */
#ifndef ARENA_IMAGE_H
#define ARENA_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "format.h"

struct arena_image {
    unsigned char *bytes;
    uint64_t blocks;
    uint64_t next; /* lowest block not given out yet */
};

/* A node as any of its shapes. */
union arena_node {
    struct format_node_header header;
    struct format_leaf leaf;
    struct format_inner inner;
    struct format_sums_leaf sums_leaf;
    struct format_sums_inner sums_inner;
};

void arena_image_init(struct arena_image *image, uint64_t blocks);
void arena_image_deinit(struct arena_image *image);

unsigned char *arena_image_block(struct arena_image *image, uint64_t block);
struct format_meta *arena_image_meta(struct arena_image *image, unsigned slot);

/* Gives out `count` consecutive blocks, filled with bytes that depend on the block's number. */
uint64_t arena_image_data(struct arena_image *image, uint64_t count);

/*
 * Writes a snapshot of the extents to the slot. Nodes go to fresh blocks, unless one with the same
 * entries has been written before: as in a real arena, snapshots share what they have in common.
 */
void arena_image_snapshot(struct arena_image *image, unsigned slot, uint64_t number,
                          const struct format_extent *extents, size_t count, uint32_t fanout);

/* The node that a reference names, to plant faults in. */
union arena_node *arena_image_node(struct arena_image *image, const struct format_ref *ref);

/* Makes all checksums right again after a fault was planted: children first, meta pages last. */
void arena_image_seal(struct arena_image *image);

/*
 * The arena that most tests begin with: 64 blocks, snapshot 6 in slot 1 and snapshot 7, which has
 * pages 12 and 13 on other blocks, in slot 0. Fan-out 4, 18 extents from pages 0, 4, 8 ... 68 on,
 * the odd ones two pages long, the one of page 16 a hole; the directory has 3 levels.
 */
enum {
    SAMPLE_BLOCKS = 64,
    SAMPLE_EXTENTS = 18,
    SAMPLE_PAGES = 27,
    SAMPLE_FANOUT = 4,
    SAMPLE_SNAPSHOT = 7,
    SAMPLE_DATA = 26, /* blocks with data in a snapshot */
    SAMPLE_NODES = 9, /* of both trees in a snapshot */
    SAMPLE_LIMBO = 6, /* two data blocks, their leaf, the two nodes above, the checksum leaf */
};
void arena_image_sample(struct arena_image *image);

#endif
