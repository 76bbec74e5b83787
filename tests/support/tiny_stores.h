/* SPDX-License-Identifier: MIT */
/*
 * Stores of a few lines each, right and wrong, to explore: small enough that anyone sees what a
 * crash can do to them.
 */
#ifndef TINY_STORES_H
#define TINY_STORES_H

#include <faultsim/capture.h>
#include <faultsim/explore.h>

/* What a store leaves out, and how its recovery misbehaves. Zeros: all is well. */
struct tiny {
    unsigned updates;      /* 0 = 3 */
    bool skip_data_sync;   /* the barrier between data and what refers to it */
    bool skip_commit_sync; /* the barrier before an update is acknowledged */
    bool begin_too_late;   /* an attempt is announced after it was made */
    bool skip_open_sync;   /* what opening returns may be in the page cache only */
    enum {
        WELL_BEHAVED,
        CRASHES_ON_TWO, /* a recovery that finds the second update... */
        EXITS_ON_TWO,
        HANGS_ON_TWO,
        LEAKS,  /* keeps descriptor, mapping and names */
        GREEDY, /* takes 8 MiB and never gives them back */
        REFUSES_ON_TWO,
        NOT_ALIVE_ON_TWO,
        EVIDENCE, /* leaves the number of the update as evidence */
        STANDBY_GARBAGE,
        FORGETFUL, /* is no function of the files */
        WRITES,    /* works on: overwrites, grows, shrinks, renames, makes files */
    } recovery;
};

/* The state after update `number`; 0: an empty store. */
struct fsim_digest tiny_state(uint64_t number);

/* The subjects; the context is the struct. */

/* Two slots, used in turn, each naming a payload block that is written before. It can go on after a
 * crash: with one more update. */
struct fsim_subject tiny_slots(struct tiny *tiny);
/* Two blocks overwritten where they are, with one sync. No way to do that right. */
struct fsim_subject tiny_in_place(struct tiny *tiny);
/* A counter in a mapped page, made durable with msync. */
struct fsim_subject tiny_mapped(struct tiny *tiny);
/* Each update is a new file, renamed over the old; the commit sync is that of the directory. */
struct fsim_subject tiny_renamed(struct tiny *tiny);
/* Records of 100 bytes with a checksum, appended. */
struct fsim_subject tiny_log(struct tiny *tiny);

enum { TINY_WIDE_PAGES = 40 };
/* Forty payload pages, mapped as a whole, in two areas used in turn, and two slots. */
struct fsim_subject tiny_wide(struct tiny *tiny);

#endif
