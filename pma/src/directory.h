/* SPDX-License-Identifier: MIT */
/*
 * The page directory: a B+ tree of extents in memory, read from disk on demand, written
 * copy-on-write.
 *
 * Knows nothing of files, mappings or free space: whoever owns it supplies how to read a node and
 * how to get and drop blocks (struct directory_host). The same code serves as the volatile tree of
 * ephemeral pages, which has no host and is never written.
 *
 * All calls are async-signal-safe and take their nodes from a pool; a changing call first reserves
 * what it may need, so it either happens wholly or returns -ENOMEM with nothing changed.
 * When a node on the way cannot be read, the host's code, and when it fails its reference,
 * PMA_ECORRUPT: nothing changed.
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "nodes.h"

/*
 * What an extent's pages are besides what the disk knows. Volatile; moves with the extent. Extents
 * that differ in WRITABLE or PRIVATE never join. MAPPED keeps nothing apart, or it would show on
 * disk: what is joined is MAPPED if all of it was, and the owner copes with an extent of which a
 * part is mapped already.
 */
enum extent_flags {
    EXTENT_WRITABLE =
        1, /* its blocks are fresh (no meta page names them) and mapped for writing when mapped */
    EXTENT_PRIVATE = 2, /* content is in private memory; block is 0 */
    EXTENT_MAPPED = 4,  /* a mapping of all of it exists now */
};

struct extent {
    uint64_t page;
    uint64_t block; /* 0: hole or private */
    uint32_t length;
    uint8_t flags;
};

struct directory_host {
    void *context;
    /* Reads the block into `bytes`. 0 or a negative code. The directory verifies checksum, kind,
     * level, block and epoch itself. */
    int (*read)(void *context, uint64_t block, union node_bytes *bytes);
    /* A node's old block is not needed by the working state any more. */
    void (*drop)(void *context, uint64_t block);
};

enum { DIRECTORY_GAPS = 64 };

struct directory {
    struct nodes *pool;
    const struct directory_host *host; /* NULL: volatile */
    struct format_ref root_ref;        /* as last written */
    struct node *root;                 /* NULL: not read yet, or empty */
    uint32_t fanout;                   /* 0 = as many as fit */
    uint64_t extents, pages;
    /* No gap of 2^k pages or more begins below gaps[k], so that looking for one after the other
     * does not begin with the first extent each time. */
    uint64_t gaps[DIRECTORY_GAPS];
    uint64_t dirty;             /* nodes that differ from the disk */
    uint64_t writable, private; /* extents, so that nobody looks for some when there are none */
};

/* An empty directory, or one to be read from `ref` on demand. Does not read yet. */
void directory_init(struct directory *directory, struct nodes *pool,
                    const struct directory_host *host, uint32_t fanout,
                    const struct format_ref *ref, uint64_t extents, uint64_t pages);
void directory_deinit(struct directory *directory);

/* The extent that holds `page`; -ENOENT if none does. */
int directory_find(struct directory *directory, uint64_t page, struct extent *extent);

/* The first extent that ends above `page`, so one that holds it or the next one up; -ENOENT if
 * there is none. */
int directory_next(struct directory *directory, uint64_t page, struct extent *extent);

/* The lowest run of `length` pages in [from, limit) that no extent of this directory or of `other`
 * (may be NULL) touches. -ENOMEM if none. */
int directory_gap(struct directory *directory, struct directory *other, uint64_t from,
                  uint64_t limit, uint64_t length, uint64_t *page);

/*
 * Puts `extent` in place of whatever its pages had: extents inside it go, those that overlap its
 * ends are cut. Joins with a neighbour that it continues (page, block or both holes/both private,
 * same flags but MAPPED). Splits and merges nodes. PMA_EARGUMENT if it is empty or passes the end.
 */
int directory_put(struct directory *directory, const struct extent *extent);

/* Fills an empty directory with extents, which are in order and joined where they continue each
 * other, into as few nodes as they need. -ENOMEM with nothing changed. */
int directory_pack(struct directory *directory, const struct extent *extents, uint64_t count);

/* Takes the pages [page, page + length) out. Holes in the range are fine. */
int directory_remove(struct directory *directory, uint64_t page, uint64_t length);

/*
 * Changes the flags of all extents inside [page, page + length): flags = (flags & ~clear) | set.
 * Cuts at the ends; joins again. Where only MAPPED changes nothing is cut, joined or made dirty, so
 * set it on whole extents: setting it on a part does nothing, clearing it on a part clears it on
 * all of the extent. Clearing alone reads no leaf but neighbours of changed ones, since what is not
 * in memory has no flags.
 */
int directory_flag(struct directory *directory, uint64_t page, uint64_t length, uint8_t clear,
                   uint8_t set);

/* The same in the common case only, of one whole extent in a dirty leaf, joined with neither
 * neighbour before or after: no extent comes or goes. False, and nothing changed, if it is not so
 * or would take a longer look. */
bool directory_flag_in_place(struct directory *directory, uint64_t page, uint64_t length,
                             uint8_t clear, uint8_t set);

/*
 * Calls `each` for extents that end above `from`, in page order. It must not change the tree; a
 * non-zero return ends the walk and is returned. `directory_each` visits all of them, reading nodes
 * as needed, `directory_each_dirty` those in dirty leaves (the only ones that can be WRITABLE or
 * PRIVATE) that have one of `flags`, or any if that is 0.
 */
typedef int directory_visitor(void *context, const struct extent *extent);
int directory_each_dirty(struct directory *directory, uint8_t flags, uint64_t from,
                         directory_visitor *each, void *context);
int directory_each(struct directory *directory, uint64_t from, directory_visitor *each,
                   void *context);

/* Calls `each` for the block of every node of the tree that has one. Reads inner nodes. */
int directory_each_node(struct directory *directory, int (*each)(void *context, uint64_t block),
                        void *context);

/* How many nodes a write would write now. */
uint64_t directory_dirty_nodes(const struct directory *directory);

/*
 * Writes every dirty node, children before parents: `take` gives a fresh block, `write` puts the
 * 4096 bytes there. Old blocks go to host->drop. On success *ref is the new root and nothing is
 * dirty. On failure everything still dirty stays so and can be written again; nodes already written
 * keep their new blocks and remain valid. PMA_EBUG, with nothing written, while an extent is
 * WRITABLE or PRIVATE: the disk has no word for it, and neighbours on disk must be joined.
 */
struct directory_writer {
    void *context;
    int (*take)(void *context, uint64_t *block);
    int (*write)(void *context, uint64_t block, const void *bytes);
    uint64_t epoch;
};
int directory_write(struct directory *directory, const struct directory_writer *writer,
                    struct format_ref *ref);

/* Marks every node whose epoch is at least `epoch` dirty again, so that the next write puts it on
 * another block (its sync failed). */
int directory_redo(struct directory *directory, uint64_t epoch);

/* Marks every node on a block from `first` on dirty, so that the next write puts it elsewhere.
 * Reads inner nodes, and the leaves that it marks. */
int directory_vacate(struct directory *directory, uint64_t first);

/* Structure check for tests and dev builds: order, overlap, joins, fill, depth, counts. 0 or
 * PMA_EBUG. */
int directory_verify(struct directory *directory);

#endif
