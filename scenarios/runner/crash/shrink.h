/* SPDX-License-Identifier: MIT */
/* Scenarios made shorter: the steps without which a violation does not show. docs/violations.md. */
#ifndef SHRINK_H
#define SHRINK_H

#include "crash.h"

/* What a violation of the recording itself has in place of a crash point's name. */
#define RECORDED_WHERE "the recording"

struct shrink_target {
    struct fsim_kind kind;
    uint64_t number;    /* as the violation was reported */
    uint64_t last_step; /* those after it had not begun when power failed; 0 = before the first */
    char where[64];     /* crash points like this one are where to look for it */
    struct fsim_plan plan; /* of its recording; no rules: no fault */
};

/*
 * Records and explores ever fewer steps of the play, with the options that found the violation.
 * Reports it once more, under its number, as the fewest steps show it that the time allowed
 * finding.
 */
void shrink_steps(const struct play *play, const struct crash_options *options,
                  const struct shrink_target *target);

#endif
