/* SPDX-License-Identifier: MIT */
/* Plays the steps of a scenario on libpma and marks in the trace what must survive. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <pma/pma.h>
#include <results/results.h>

#include "suite.h"

#define WORKLOAD_FILE "arena.pma"

struct workload_options {
    const char *input; /* directory that `ingest` reads */
    enum pma_copying copying;
    results_oracle_t *invariants; /* judge the running arena after each step; NULL = none */
    bool judges_failures;         /* see workload_play */
    bool fails_once;              /* the run's plan has one hit fail, no later one */
};

/* Makes the empty arena of a scenario that does not record its creation. */
int workload_setup(const struct scenario *scenario, const struct workload_options *options,
                   const char *directory, char *message, size_t message_bytes);

/*
 * Plays all steps. 0, or a negative code and a sentence: a call that failed though nothing was to
 * make it fail, an open that returned what no snapshot held, pages that do not hold what was
 * stored. An error that the run's own fault plan injected ends the workload early, with success.
 *
 * With judges_failures it is judged before: the call must have said what is wrong and changed
 * nothing, and the arena must go on working or be poisoned, close, and open again at a state that
 * may be there. That is for plans that make calls fail; after skipped ones nothing can be demanded.
 */
int workload_play(const struct scenario *scenario, const struct workload_options *options,
                  const char *directory, char *message, size_t message_bytes);

/* A step in a few words: "write 'a' pages 0-2". */
void workload_describe(const struct step *step, char *text, size_t bytes);

#endif
