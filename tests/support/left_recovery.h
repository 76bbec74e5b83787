/* SPDX-License-Identifier: MIT */
/* Recovering what was left, many times a process. */
#ifndef LEFT_RECOVERY_H
#define LEFT_RECOVERY_H

#include <faultsim/explore.h>

#include "left_files.h"

struct left_recovery {
    struct fsim_outcome outcome;
    char finding[256]; /* of the subject's inspection; "" if it found nothing */
};

/*
 * Recovers each of `count` lists of files in a directory of its own, in memory. A recovery that
 * takes its process down has that as its outcome, and the next ones a new process. `done` is to be
 * released. 0 or a negated errno.
 */
int left_recovery_run(const struct fsim_subject *subject, const fsim_trace_t *contents,
                      const struct left_files *const *left, size_t count,
                      struct left_recovery **done);
void left_recovery_release(struct left_recovery *done, size_t count);

#endif
