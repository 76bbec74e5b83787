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

#include <faultsim/trace.h>
#include <pma/pma.h>

struct fsim_digest state_page_digest(const void *page); /* PMA_PAGE_SIZE bytes */
struct fsim_digest state_zeros_digest(void);

/* The pages of a state in ascending order: a list that grows and is used again. */
struct state_entry {
    uint64_t page;
    struct fsim_digest digest;
};
struct state_entries {
    struct state_entry *entries;
    size_t count, capacity;
};
int state_entries_add(struct state_entries *list, uint64_t page, struct fsim_digest digest);
void state_entries_deinit(struct state_entries *list);

struct fsim_digest state_digest(const struct state_entries *list, const uint64_t roots[PMA_ROOTS],
                                uint64_t event);

/* The state of an open arena, read through its memory as a program would, and what it is made of. 0
 * or the code of the call that failed. */
int state_of_arena(pma_t *arena, struct fsim_digest *digest, struct state_entries *list);

/* What a mark of the trace says of its state, so that a violation can be told page by page. */
struct state_page {
    uint64_t page;
    struct fsim_digest digest;
    uint64_t step; /* that wrote it, 0 = none: zeros */
};
struct state_description {
    uint64_t event;
    uint64_t roots[PMA_ROOTS];
    uint64_t page_count; /* struct state_page that follow */
};

/* Reads the payload of a mark; NULL if it is none of ours. */
const struct state_description *state_description(const void *payload, size_t bytes);
const struct state_page *state_pages(const struct state_description *description);

#endif
