/* SPDX-License-Identifier: MIT */
/* Bytes on disk: docs/format.md as C. */
#ifndef FORMAT_H
#define FORMAT_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pma/pma.h>

enum {
    FORMAT_VERSION = 1,
    FORMAT_BYTE_ORDER = 0x01020304,
    FORMAT_META_BLOCKS = 2,
    FORMAT_META_BYTES = 512,
    FORMAT_LEAF_EXTENTS = 169,
    FORMAT_INNER_CHILDREN = 101,
    FORMAT_SUMS_LEAF = 508,
    FORMAT_SUMS_INNER = 127,
    FORMAT_MIN_FANOUT = 4,
    FORMAT_KIND_DIRECTORY = 0x52494450, /* "PDIR" */
    FORMAT_KIND_SUMS = 0x4d555350,      /* "PSUM" */
    FORMAT_HEAP_GROUP = 64,             /* pages of a group: bits of a map */
    FORMAT_HEAP_CLASSES = 8,            /* chunks of 16 bytes to half a page */
    FORMAT_HEAP_LEAST_SHIFT = 4,        /* 2^4 = 16 bytes */
    FORMAT_HEAP_MAP_WORDS = 4,          /* a bit for each chunk of 16 bytes */
    FORMAT_HEAP_START = 1,
    FORMAT_HEAP_PARTITIONED = 2,
};

/* Numbers of snapshots lie below: pins of readers are locks at places in the file. */
#define FORMAT_SNAPSHOTS (UINT64_C(1) << 61)

#define FORMAT_MAGIC      "\x89PMA\r\n\x1a\n"
#define FORMAT_HEAP_MAGIC "PMA heap"

struct format_ref {
    uint64_t block; /* 0: no node */
    uint64_t checksum;
    uint64_t epoch;
    uint32_t depth;
    uint32_t reserved;
};
static_assert(sizeof(struct format_ref) == 32, "node reference");

struct format_meta {
    char magic[8];
    uint32_t version, byte_order, page_size, fanout;
    uint8_t uuid[16];
    uint64_t snapshot, event, base, reserved_pages, file_blocks;
    struct format_ref directory, sums;
    uint64_t extents, pages;
    uint64_t roots[PMA_ROOTS];
    uint64_t heap; /* address of the heap's record; 0: none */
    uint8_t reserved[80];
    uint64_t checksum;
};
static_assert(sizeof(struct format_meta) == FORMAT_META_BYTES, "meta record");
static_assert(offsetof(struct format_meta, directory) == 80, "meta record");
static_assert(offsetof(struct format_meta, roots) == 160, "meta record");

struct format_node_header {
    uint32_t kind;
    uint16_t level, count;
    uint64_t block, epoch;
    uint64_t index; /* checksum tree only */
};
static_assert(sizeof(struct format_node_header) == 32, "node header");

struct format_extent {
    uint64_t page, block;
    uint32_t length, reserved;
};
static_assert(sizeof(struct format_extent) == 24, "extent");

struct format_child {
    uint64_t page;
    struct format_ref ref;
};
static_assert(sizeof(struct format_child) == 40, "child");

struct format_leaf {
    struct format_node_header header;
    struct format_extent extents[FORMAT_LEAF_EXTENTS];
    uint8_t reserved[8];
};
struct format_inner {
    struct format_node_header header;
    struct format_child children[FORMAT_INNER_CHILDREN];
    uint8_t reserved[24];
};
struct format_sums_leaf {
    struct format_node_header header;
    uint64_t sums[FORMAT_SUMS_LEAF];
};
struct format_sums_inner {
    struct format_node_header header;
    struct format_ref children[FORMAT_SUMS_INNER];
};
static_assert(sizeof(struct format_leaf) == PMA_PAGE_SIZE, "node");
static_assert(sizeof(struct format_inner) == PMA_PAGE_SIZE, "node");
static_assert(sizeof(struct format_sums_leaf) == PMA_PAGE_SIZE, "node");
static_assert(sizeof(struct format_sums_inner) == PMA_PAGE_SIZE, "node");

/* The heap's record: a header, the groups, then one page of descriptors for each group. */
struct format_heap {
    char magic[8];
    uint64_t groups;
    uint64_t end; /* groups from here on have never been used */
    uint64_t used_pages, free_pages;
    uint64_t reserved[11];
};
/* Bit i of a map stands for page i of the group. */
struct format_heap_group {
    uint64_t used; /* pages with a descriptor: START or PARTITIONED */
    uint64_t free;
    uint64_t gone;                         /* pages that were the heap's and were given back */
    uint64_t partial[FORMAT_HEAP_CLASSES]; /* PARTITIONED, with a free chunk */
    uint64_t reserved[5];
};
struct format_heap_page {
    uint8_t kind; /* 0: the page has no descriptor, all of it is zero */
    uint8_t shift;
    uint16_t used;
    uint32_t reserved;
    uint64_t length; /* pages of the object that starts here */
    uint64_t reserved_too[2];
    uint64_t map[FORMAT_HEAP_MAP_WORDS]; /* bit i: chunk i is allocated */
};
static_assert(sizeof(struct format_heap) == 128, "heap header");
static_assert(sizeof(struct format_heap_group) == 128, "heap group");
static_assert(sizeof(struct format_heap_page) * FORMAT_HEAP_GROUP == PMA_PAGE_SIZE, "descriptors");

/* Groups that an address range of `pages` pages has, and the pages of header and groups. */
static inline uint64_t format_heap_groups(uint64_t pages)
{
    return (pages + FORMAT_HEAP_GROUP - 1) / FORMAT_HEAP_GROUP;
}
static inline uint64_t format_heap_head_pages(uint64_t groups)
{
    const uint64_t bytes = sizeof(struct format_heap) + groups * sizeof(struct format_heap_group);

    return (bytes + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE;
}

/* As everything reserved or unused is. */
bool format_is_zero(const void *bytes, size_t count);

/* XXH3, 64 bits, seed 0. */
uint64_t format_checksum(const void *bytes, size_t count);

/* Fills in what every meta record has (magic, version, ...) and, last of all, the checksum. */
void format_meta_seal(struct format_meta *meta);

/*
 * Whether the FORMAT_META_BYTES at `bytes` are a valid meta record: 0 or a PMA_E code, and why in
 * `reason` (a constant; "never written" for zeros). `bytes` may be anything and anywhere.
 */
int format_meta_validate(const void *bytes, const char **reason);

#endif
