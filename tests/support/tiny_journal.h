/* SPDX-License-Identifier: MIT */
/*
 * Two blocks that are overwritten in place, behind a journal block that says what they are to hold:
 * opening does again what the journal says and clears it. Its recovery writes, so that a crash
 * inside it matters.
 */
#ifndef TINY_JOURNAL_H
#define TINY_JOURNAL_H

#include <faultsim/explore.h>

struct tiny_journal {
    /* The attempt at a recovery, from 1 on, that does not sync the blocks before it clears the
     * journal; 0: none, all is well. */
    unsigned careless_attempt;
    unsigned updates; /* 0 = 2 */
};

/* The state after update `number`. */
struct fsim_digest tiny_journal_state(uint64_t number);

struct fsim_subject tiny_journal(struct tiny_journal *tiny);

#endif
