/* SPDX-License-Identifier: MIT */
/*
 * The states that a crash may leave at this point of a workload: the last acknowledged one and the
 * attempts since. Adding one marks it in the trace.
 */
#ifndef MOMENTS_H
#define MOMENTS_H

#include <faultsim/trace.h>

#include "contents.h"
#include "expected.h"

struct moment {
    struct expected state; /* as an open would return it: without ephemeral pages */
    struct fsim_digest digest;
    char label[64];
};

struct moments {
    const struct contents *contents; /* borrowed */
    struct moment *list; /* the first is the acknowledged one, while `acknowledged` is set */
    size_t count;
    bool acknowledged; /* false: there is no arena yet that would have to survive */
};

void moments_deinit(struct moments *moments);
void moments_forget(struct moments *moments);

/* From here on a crash may leave this state. 0 or -ENOMEM. */
int moments_attempt(struct moments *moments, const struct expected *state, const char *label);

/* From here on a crash must leave the moment of that index, or a later one; it becomes the first,
 * the others are forgotten. 0 or -ENOMEM. */
int moments_acknowledge(struct moments *moments, size_t index);

/* The index of the latest moment of that digest, or the count. */
size_t moments_find(const struct moments *moments, struct fsim_digest digest);

#endif
