/* SPDX-License-Identifier: MIT */
/*
 * Whether a recovered arena can be worked with: it opens again as it was, takes stores, objects of
 * the heap, a stack and a noun, saves them, and has them after another open.
 */
#ifndef ALIVE_H
#define ALIVE_H

#include "state.h"

struct alive_failure {
    int code;
    char text[256]; /* "taking a snapshot: No space left on device" */
};

/*
 * `state` is what the arena held at its first open, `entries` the parts of that; both lists are
 * changed. 0, or the code of the failure.
 */
int alive_check(const char *path, const struct pma_options *options, struct fsim_digest state,
                struct state_entries *entries, struct state_entries *scratch,
                struct alive_failure *failure);

/*
 * A part of that work and the snapshot after it, with marks for a recording: what opening returned
 * is acknowledged. Where there is no arena, one is made. 0, or the code of the failure.
 */
int alive_resume(const char *path, const struct pma_options *options, struct state_entries *entries,
                 struct alive_failure *failure);

#endif
