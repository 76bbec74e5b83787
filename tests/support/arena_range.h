/* SPDX-License-Identifier: MIT */
/* What the kernel says about an arena's address range. */
#ifndef ARENA_RANGE_H
#define ARENA_RANGE_H

#include <pma/pma.h>

struct arena_range {
    uint64_t mappings;
    uint64_t resident_bytes; /* Rss */
};

struct arena_range arena_range(pma_t *arena);

#endif
