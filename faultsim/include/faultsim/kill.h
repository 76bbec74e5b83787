/* SPDX-License-Identifier: MIT */
/*
 * Real kills: the workload runs on files that nobody captures until its process gets SIGKILL; what
 * is left is recovered where it lies, and judged as the explorer judges.
 *
 * All that is taken from the dead process is what it said (steps, marks, hits of fault points), by
 * way of shared memory: an attempt that it had begun is legal, what it had acknowledged is binding.
 */
#ifndef FAULTSIM_KILL_H
#define FAULTSIM_KILL_H

#include <faultsim/explore.h>

/* As a number of kills: one at each hit of a fault point, right before the call it stands for. */
#define FSIM_KILL_AT_HITS UINT64_MAX

struct fsim_kills {
    uint64_t count; /* at random instants, or FSIM_KILL_AT_HITS */
    /* The recorder stands between after all: nothing else can have libc calls fail by a plan. */
    bool captured;
};

/*
 * Runs the subject once unharmed, then kills it that often at random instants: after a hit that
 * is drawn with options->seed (or after the start), a drawn part of the time that the unharmed run
 * took from there to the next hit. Hits come thick where the code under test is at work and thin
 * where the disk is waited for, so that neither is passed over.
 *
 * Of the options, those that speak of crash states (model, search, tears, bounds) have no meaning
 * here: there is one state, of the model process-kill. `points` narrows which hits count. Each kill
 * is a crash point, crash state, path and recovery of the summary, and calls on_point;
 * on_trace gets the unharmed run, without contents and without crash points. `complete`: every kill
 * was made. Returns as fsim_crash_test.
 */
int fsim_kill_test(const struct fsim_subject *subject, const struct fsim_options *options,
                   const struct fsim_kills *kills, struct fsim_summary *summary);

#endif
