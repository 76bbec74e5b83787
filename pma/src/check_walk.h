/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the offline checker share. It follows docs/format.md and none of the code that
 * writes arenas, so that the two can prove each other wrong.
 *
 * A walk is bounded by the file, whatever its bytes say: a block is descended into or read once per
 * snapshot, because it can be owned only once, and levels count down from a bounded depth.
 */
#ifndef CHECK_WALK_H
#define CHECK_WALK_H

#include <pma/check.h>

#include "check_file.h"

/* The rules of docs/invariants.md that the checker knows, in the same order. */
#define CHECK_RULES(X)                                                                             \
    X(RULE_FILE_LENGTH, "file-length")                                                             \
    X(RULE_META_VALID, "meta-valid")                                                               \
    X(RULE_META_FIELDS, "meta-fields")                                                             \
    X(RULE_METAS_AGREE, "metas-agree")                                                             \
    X(RULE_RESERVED_ZERO, "reserved-zero")                                                         \
    X(RULE_BLOCKS_INSIDE_FILE, "blocks-inside-file")                                               \
    X(RULE_BLOCKS_OWNED_ONCE, "blocks-owned-once")                                                 \
    X(RULE_CHECKSUMS_MATCH, "checksums-match")                                                     \
    X(RULE_SUMS_COVER, "sums-cover")                                                               \
    X(RULE_NODES_IN_PLACE, "nodes-in-place")                                                       \
    X(RULE_NODES_FILLED, "nodes-filled")                                                           \
    X(RULE_DEPTHS_EQUAL, "depths-equal")                                                           \
    X(RULE_EPOCHS_ORDERED, "epochs-ordered")                                                       \
    X(RULE_KEYS_ORDERED, "keys-ordered")                                                           \
    X(RULE_PAGES_MAPPED_ONCE, "pages-mapped-once")                                                 \
    X(RULE_PAGES_INSIDE_ARENA, "pages-inside-arena")                                               \
    X(RULE_EXTENTS_NOT_EMPTY, "extents-not-empty")                                                 \
    X(RULE_EXTENTS_JOINED, "extents-joined")                                                       \
    X(RULE_COUNTS_MATCH, "counts-match")                                                           \
    X(RULE_HEAP_RECORD, "heap-record")                                                             \
    X(RULE_HEAP_PAGES_ALLOCATED, "heap-pages-allocated")                                           \
    X(RULE_HEAP_PAGES_ONCE, "heap-pages-once")                                                     \
    X(RULE_HEAP_MAPS_MATCH, "heap-maps-match")                                                     \
    X(RULE_HEAP_CHUNKS_COUNTED, "heap-chunks-counted")                                             \
    X(RULE_HEAP_RUNS_WHOLE, "heap-runs-whole")                                                     \
    X(RULE_HEAP_COUNTS_MATCH, "heap-counts-match")

enum check_rule {
#define CHECK_RULE(rule, name) rule,
    CHECK_RULES(CHECK_RULE)
#undef CHECK_RULE
};

enum check_owner { OWNER_NONE, OWNER_DATA, OWNER_DIRECTORY, OWNER_SUMS };

enum {
    CHECK_MAX_DEPTH = 64,     /* far above what any number of pages needs */
    CHECK_MAX_SUMS_DEPTH = 8, /* covers 2^57 blocks, more than a file can have */
    CHECK_READ_BLOCKS = 16,   /* data blocks of one read */
    CHECK_ADDRESS_BITS = 47,  /* of the addresses that a process has */
};

/* One block of the file, as the two walks see it. */
struct check_block {
    uint8_t owner_walked : 3, owner_other : 3; /* enum check_owner */
    uint8_t data_read : 1, data_bad : 1;
};
static_assert(sizeof(struct check_block) == 1, "one byte for each block of the file");

struct check {
    struct check_file file;
    struct check_block *blocks; /* those that a walked snapshot may name */
    uint64_t blocks_count;
    const struct pma_check_visitor *visitor; /* never NULL */
    const char *prefix;                      /* of findings: "", or "snapshot 7: " */
    uint64_t findings;
    bool data, first;
    unsigned char *buffer; /* CHECK_READ_BLOCKS blocks */
};

struct check_walk {
    struct check *check;
    const struct format_meta *meta;
    uint64_t limit;   /* blocks from here on are outside the file */
    uint64_t reached; /* blocks owned, the meta pages not counted */
    uint64_t limbo;   /* of these, in the second walk, what the first did not own */
    uint64_t extents, pages, nodes;
    const struct format_sums_leaf **sums; /* by leaf index; NULL = there is none */
    uint64_t sums_count;
    bool sums_partial;                  /* a checksum node could not be descended into */
    bool directory_partial;             /* the same of a directory node */
    struct format_extent *extents_seen; /* all of them that can be read, if there is a heap */
    size_t extents_seen_count, extents_seen_size;
    struct pma_check_heap heap;
    const struct check_walk *seen; /* the first walk, if this is the second: only findings are
                                      called back */
};

/* One step of a descent: where a node stands, and what its parent says of it. */
struct check_place {
    enum pma_check_tree tree;
    const struct format_ref *ref;
    uint64_t parent;       /* block; 0 = the meta page */
    uint64_t parent_epoch; /* of the root: the snapshot's number */
    uint32_t depth;        /* levels that there must be from here on */
    uint32_t distance;     /* from the root */
    uint64_t first;        /* directory: key of the node; sums: first leaf below */
    uint64_t after;        /* directory: the next key to the right */
};

/* check.c: calls the finding back, behind check->prefix. */
void check_finding(struct check *check, enum check_rule rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* check_meta.c: reads and judges the two meta pages. */
struct check_metas {
    struct format_meta meta[FORMAT_META_BLOCKS];
    const char *reason[FORMAT_META_BLOCKS]; /* why it is not valid; NULL = it is */
    const struct format_meta *newest;       /* never NULL after success */
    const struct format_meta *previous;     /* NULL: only one is valid */
};
int check_metas(struct check *check, struct check_metas *metas);

/*
 * check_node.c: follows a reference. 1 if the node in `content` may be descended into; 0 if not,
 * which findings have explained; or a negative code.
 */
int check_enter(struct check_walk *walk, const struct check_place *place,
                struct check_content *content);
void check_report_node(const struct check_walk *walk, const struct check_place *place,
                       const struct check_content *content, uint64_t first, uint64_t last);

/* Reads those of `count` children of `depth` levels, `stride` bytes apart, that can be entered. */
int check_load_children(struct check_walk *walk, const struct format_ref *first, size_t stride,
                        size_t count, uint32_t depth);

/*
 * Makes blocks the owner's in this snapshot; `page` is the first one's if they are data. False, and
 * a finding, if they cannot be in the file or one of them has an owner already.
 */
bool check_own(struct check_walk *walk, enum check_owner owner, uint64_t block, uint64_t length,
               uint64_t page);

const char *check_tree_name(enum pma_check_tree tree); /* "directory" */

/* check_sums.c, check_directory.c: walk one tree. */
int check_sums(struct check_walk *walk);
int check_directory(struct check_walk *walk);

/* check_heap.c: remembers where pages are, and checks the heap's record. */
int check_heap_extent(struct check_walk *walk, const struct format_extent *extent);
int check_heap(struct check_walk *walk);

/* check_data.c: whether an extent's blocks have checksums, and whether their data has them too. */
void check_cover(struct check_walk *walk, const struct format_extent *extent);
int check_data(struct check_walk *walk, const struct format_extent *extent, uint64_t *bad_blocks);

#endif
