/* SPDX-License-Identifier: MIT */
/*
 * The checksum tree: XXH3 of every committed data block, keyed by block. A radix tree of fixed
 * shape, kept and written copy-on-write like the directory, with the same host and writer. Not used
 * by the fault handler's copy path, but async-signal-safe all the same.
 */
#ifndef SUMS_H
#define SUMS_H

#include "directory.h"

struct sums {
    struct nodes *pool;
    const struct directory_host *host;
    struct format_ref root_ref;
    struct node *root;
    uint32_t depth; /* levels now; grows with the blocks covered */
    uint64_t dirty; /* nodes that differ from the disk */
};

void sums_init(struct sums *sums, struct nodes *pool, const struct directory_host *host,
               const struct format_ref *ref);
void sums_deinit(struct sums *sums);

/* Sets the checksum of a block; grows the tree if it must. -ENOMEM with nothing changed. */
int sums_set(struct sums *sums, uint64_t block, uint64_t checksum);

/* The checksum of a block. -ENOENT if no leaf covers it. */
int sums_get(struct sums *sums, uint64_t block, uint64_t *checksum);

int sums_each_node(struct sums *sums, int (*each)(void *context, uint64_t block), void *context);
uint64_t sums_dirty_nodes(const struct sums *sums);

/* `blocks`: the file's length, which the depth must cover; PMA_EBUG if the tree is deeper already.
 * As directory_write otherwise. An empty tree stays empty. */
int sums_write(struct sums *sums, const struct directory_writer *writer, uint64_t blocks,
               struct format_ref *ref);
int sums_redo(struct sums *sums, uint64_t epoch);

/* As directory_vacate. */
int sums_vacate(struct sums *sums, uint64_t first);

/* Takes out the nodes that cover only blocks from `blocks` on, and roots that are not needed then.
 * The host's code or PMA_ECORRUPT, with nothing changed, if an inner node cannot be read. */
int sums_cut(struct sums *sums, uint64_t blocks);

/* The smallest depth that covers `blocks` blocks; 1 for up to 508. */
uint32_t sums_depth(uint64_t blocks);

#endif
