/* SPDX-License-Identifier: MIT */
/*
 * The offline checker: reads an arena file without mapping it and without any of the code that
 * wrote it.
 *
 * It reads with pread(2) only, writes nothing, never maps at the arena's base address, allocates
 * with malloc, and takes any bytes: a damaged file gives findings, never a crash. It takes no lock:
 * the caller sees to it that nobody writes meanwhile.
 */
#ifndef PMA_CHECK_H
#define PMA_CHECK_H

#include <pma/pma.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The library is built with hidden visibility; what is declared here is its interface. */
#pragma GCC visibility push(default)

/* Which snapshot of the file to walk. */
enum pma_check_which {
    PMA_CHECK_NEWEST,   /* the one that open would take */
    PMA_CHECK_PREVIOUS, /* the other valid meta page; -ENOENT if there is none */
};

struct pma_check_meta {
    unsigned slot;      /* 0 or 1 */
    bool valid;         /* false: only slot and reason are set */
    const char *reason; /* why it is not valid: "never written", "checksum", ... */
    uint8_t uuid[16];
    uint64_t snapshot, event, base, reserved_pages, file_blocks, extents, pages;
    uint64_t directory_block, sums_block;
    uint32_t directory_depth, sums_depth, fanout;
    uint64_t heap; /* address of the heap's record; 0 = there is no heap */
    uint64_t roots[PMA_ROOTS];
};

enum pma_check_tree { PMA_CHECK_DIRECTORY, PMA_CHECK_SUMS };

struct pma_check_node {
    enum pma_check_tree tree;
    uint64_t block, parent; /* parent 0: the root */
    uint32_t level, count;  /* level 0: a leaf */
    uint64_t depth;         /* distance from the root, 0 for the root */
    uint64_t first, last;   /* directory: smallest and last page below; sums: index of the first
                               and the last leaf that there may be below */
    uint64_t epoch;
    bool sum_ok; /* content matches the parent's checksum and epoch */
};

struct pma_check_extent {
    uint64_t page, block, length;
    uint64_t node;     /* block of the leaf */
    uint64_t position; /* in the leaf */
    uint64_t
        bad_blocks; /* data blocks of it whose checksum does not match (0 if data is not read) */
};

/* A run of pages of the heap, as its record has it. */
enum pma_check_heap_kind {
    PMA_CHECK_HEAP_START, /* a large object, all pages of it */
    PMA_CHECK_HEAP_PARTITIONED,
    PMA_CHECK_HEAP_FREE,
    PMA_CHECK_HEAP_RECORD
};
struct pma_check_heap_run {
    enum pma_check_heap_kind kind;
    uint64_t page, pages;
    uint32_t chunk_bytes, used; /* PARTITIONED: size of the chunks, and how many are allocated */
};

/*
 * Called while the file is walked. Any may be NULL. `finding` gets each broken rule as a sentence
 * with the rule's name from docs/invariants.md: ("blocks-owned-once", "snapshot 7: block 17 is both
 * data of page 4 and a directory node"). `node` is called for a node after all below it, and for
 * one that cannot be descended into with the header as it is. `page`, if data is read, gets the
 * content of every allocated page of the snapshot, in address order: a page at a time, valid during
 * the call; holes are passed with data NULL and a length. Pages whose block fails its checksum are
 * passed all the same, after the finding; those of an extent on blocks that cannot be in the file,
 * or are something else too, are not.
 */
struct pma_check_visitor {
    void *context;
    void (*meta)(void *context, const struct pma_check_meta *meta);
    void (*node)(void *context, const struct pma_check_node *node);
    void (*extent)(void *context, const struct pma_check_extent *extent);
    void (*page)(void *context, uint64_t page, uint64_t length, const void *data);
    void (*heap)(void *context, const struct pma_check_heap_run *run); /* the record comes first */
    void (*finding)(void *context, const char *rule, const char *text);
};

/* What the record of the heap says; zeros if there is none. */
struct pma_check_heap {
    uint64_t objects, object_bytes;
    uint64_t used_pages, free_pages, record_pages;
};

struct pma_check_report {
    uint64_t findings;
    uint64_t snapshot, event; /* of the snapshot walked; 0 if none could be */
    uint64_t file_blocks;     /* length of the file itself */
    uint64_t used_blocks;     /* 2 + what the walked snapshot reaches */
    uint64_t
        limbo_blocks; /* what only the other valid meta page reaches; 0 unless both were walked */
    uint64_t extents, pages, nodes;
    struct pma_check_heap heap;
};

/*
 * Walks one snapshot, or with `both` the other valid one too (for limbo and its own findings; the
 * node and extent callbacks then see only the first, `finding` sees all). Returns 0 if the walk
 * could be made, even with findings: look at report->findings. So does a file that was cut short,
 * as long as a meta page is left: what lies beyond its end are findings, though pma_open refuses
 * it. A file that is no arena at all returns the code that pma_open would. `data` reads the data
 * blocks and verifies their checksums. `first` ends the walk with the first finding, and reads a
 * block at a time, none ahead: for those who only want to know whether the file is sound.
 */
struct pma_check_options {
    size_t size;
    enum pma_check_which which;
    bool both;
    bool data;
    bool first;
};
#ifdef __cplusplus
#define PMA_CHECK_OPTIONS_INIT                                                                     \
    ([] {                                                                                          \
        pma_check_options options = PMA_SIZED(pma_check_options);                                  \
        options.both = options.data = true;                                                        \
        return options;                                                                            \
    }())
#else
#define PMA_CHECK_OPTIONS_INIT                                                                     \
    ((struct pma_check_options){                                                                   \
        .size = sizeof(struct pma_check_options), .both = true, .data = true})
#endif

int pma_check(const char *path, const struct pma_check_options *options,
              const struct pma_check_visitor *visitor, struct pma_check_report *report,
              struct pma_error *error);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
