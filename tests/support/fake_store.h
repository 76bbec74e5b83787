/* SPDX-License-Identifier: MIT */
/*
 * Blocks in memory, for trees that are tested without a file: a host and a writer that know which
 * blocks are in use, notice a block that is dropped twice or read while free, and fail when told.
 */
#ifndef FAKE_STORE_H
#define FAKE_STORE_H

#include "directory.h"

enum { FAKE_STORE_FIRST = 2 };

struct fake_store {
    struct directory_host host;
    struct directory_writer writer;
    unsigned char *bytes;
    bool *used;
    uint64_t count; /* blocks so far; never used twice, so that a stale reference shows */
    uint64_t room;  /* for so many blocks */
    uint64_t live;
    uint64_t reads, writes;
    bool misused; /* a free block was read, written or dropped */

    /* The nth call from now on fails with its code; 0 = never. */
    unsigned fail_read, fail_take, fail_write;
};

void fake_store_init(struct fake_store *store);
void fake_store_deinit(struct fake_store *store);

/* The 4096 bytes of a block. */
unsigned char *fake_store_block(struct fake_store *store, uint64_t block);

#endif
