/* SPDX-License-Identifier: MIT */
/* What the kernel says of the mappings of an open arena. */
#ifndef MAPPED_H
#define MAPPED_H

#include <pma/pma.h>

/*
 * Demands that no store to an ephemeral page goes to a block: the next sync would write it. 0, 1
 * and the finding, or a negative code.
 */
int mapped_check_ephemeral(pma_t *arena, char *finding, size_t bytes);

/* What the kernel has in the arena's range, which is `pages` long. 0 or a negative code. */
struct mapped_use {
    uint64_t mappings;
    uint64_t resident; /* pages in memory */
};
int mapped_use(pma_t *arena, uint64_t pages, struct mapped_use *use);

#endif
