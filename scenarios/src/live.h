/* SPDX-License-Identifier: MIT */
/* The state of an open arena, read through its memory as a program would. */
#ifndef LIVE_H
#define LIVE_H

#include <faultsim/trace.h>
#include <pma/pma.h>

struct live_page {
    uint64_t page;
    struct fsim_digest digest;
};

/* A list that grows and is used again; free(pages). */
struct live_pages {
    struct live_page *pages;
    size_t count, capacity;
};

/* The digest of state.h, and what it was made of. 0 or the code of the call that failed. */
int live_state(pma_t *arena, struct fsim_digest *digest, struct live_pages *pages);

#endif
