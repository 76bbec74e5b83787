/* SPDX-License-Identifier: MIT */
/* A self-test as another subcommand has it done. */
#ifndef SELFTEST_H
#define SELFTEST_H

#include <results/results.h>

#include "commandline/command.h"

/* Where a barrier was caught before; NULL if that is not known. */
typedef const char *selftest_recall(void *context, const char *barrier, const char *copying);

/*
 * Skips each barrier and stores what came of it, prints nothing but progress, and plays nothing
 * without a fault. Where a barrier was caught before, it is tried first. STATUS_FOUND: one was not
 * caught.
 */
enum status selftest_barriers(const struct settings *settings, results_t *results,
                              selftest_recall *recall, void *context, int64_t *id);

#endif
