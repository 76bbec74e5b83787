/* SPDX-License-Identifier: MIT */
/*
 * Trials of a reduction: the files with some content, and what recovery makes of it.
 *
 * The decision tree mostly knows. What it does not is written to files and recovered in a process
 * of its own, by the supervising process, since the worker has the next crash points to do.
 */
#ifndef REDUCE_TRIAL_H
#define REDUCE_TRIAL_H

#include <faultsim/reduce.h>

#include "search.h"

struct trial {
    struct judge *judge;
    const struct search *search;
    struct recovery_slot *slot;
    uint64_t deadline; /* elapsed_ms */
    uint64_t states, recoveries;
    uint64_t *values; /* by item: what is tried */

    /* Of the last one. What recovery looked at is known only of states that are in the tree. */
    enum fsim_verdict verdict;
    const struct fsim_outcome *outcome;
    const void *evidence;
    char finding[256];
    bool in_tree;
    uint32_t *path, path_count;
    uint64_t *path_values;
};

/* 0 or -ENOMEM; trial_deinit either way. */
int trial_init(struct trial *trial, struct judge *judge, uint32_t time_limit_ms);
void trial_deinit(struct trial *trial);

/* Judges trial->values at the crash point under way. 0, -ETIME, or another negative code. */
int trial_run(struct trial *trial);

/* The same, if the tree knows; -ENOENT if it does not. */
int trial_look_up(struct trial *trial);

#endif
