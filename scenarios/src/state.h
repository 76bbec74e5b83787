/* SPDX-License-Identifier: MIT */
/*
 * The identity of an arena's persistent state: what every allocated page holds, the roots, the
 * event. It knows nothing of blocks, extents and snapshots' numbers, so that the workload can say
 * what a state must be without asking the arena.
 */
#ifndef STATE_H
#define STATE_H

#include <stddef.h>
#include <stdint.h>
#include <xxhash.h>

#include <faultsim/trace.h>
#include <pma/pma.h>

struct fsim_digest state_page_digest(const void *page); /* PMA_PAGE_SIZE bytes */
struct fsim_digest state_zeros_digest(void);

/* Pages in ascending order, then the end. */
struct state_hash {
    XXH3_state_t hash;
};
void state_hash_begin(struct state_hash *hash);
void state_hash_page(struct state_hash *hash, uint64_t page, struct fsim_digest digest);
struct fsim_digest state_hash_end(struct state_hash *hash, const uint64_t roots[PMA_ROOTS],
                                  uint64_t event);

/* What a mark of the trace says of its state, so that a violation can be told page by page. */
struct state_page {
    uint64_t page;
    struct fsim_digest digest;
    uint64_t step; /* that wrote it, 0 = none: zeros */
};
struct state_blocks {
    uint64_t first, count;
};
struct state_description {
    uint64_t event;
    uint64_t roots[PMA_ROOTS];
    uint64_t page_count;  /* struct state_page that follow */
    uint64_t block_count; /* struct state_blocks after them: what the valid meta pages named once
                             this state was acknowledged */
};

/* Reads the payload of a mark; NULL if it is none of ours. */
const struct state_description *state_description(const void *payload, size_t bytes);
const struct state_page *state_pages(const struct state_description *description);
const struct state_blocks *state_blocks(const struct state_description *description);

#endif
