/* SPDX-License-Identifier: MIT */
/* What a power cut may have left of a logged disk, one state after the other. */
#ifndef DISK_STATES_H
#define DISK_STATES_H

#include "write_log.h"

struct disk_state {
    const uint64_t *contents;  /* by block: content ids of the log's trace */
    uint64_t hash;             /* of all of them */
    uint64_t earliest, latest; /* between which numbers of the beacon power failed */
};

struct disk_states {
    const struct write_log *log;
    uint64_t blocks;
    uint64_t last;  /* what the beacon would say at the end of the log */
    uint64_t limit; /* most states before a flush that are visited all */
    uint64_t drawn; /* else so many of them */
    uint64_t seed;
    bool sampled; /* some were drawn: not all are covered */
};

/*
 * Every prefix of the log from the first beacon on, block by block; and before each flush every
 * choice of the blocks written since the flush before it, as long as these are at most `limit`:
 * else each block alone missing, each alone written, and `drawn` choices drawn with the seed. The
 * same disk may come up more than once. Stops when the visitor returns other than 0, with that.
 */
int disk_states_each(struct disk_states *states,
                     int (*visit)(void *context, const struct disk_state *state), void *context);

#endif
