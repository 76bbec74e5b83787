/* SPDX-License-Identifier: MIT */
/* Plays the steps of a scenario on libpma and marks in the trace what must survive. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <pma/pma.h>
#include <results/results.h>

#include "suite.h"

#define WORKLOAD_FILE "arena.pma"

/*
 * What a workload demands of the library while it plays. A step that breaks such a rule has found
 * something; one that fails and breaks none could not be played, for want of memory say.
 */
#define WORKLOAD_RULES(X)                                                                          \
    X(CALLS, "calls-end-as-expected",                                                              \
      "a call ends as the step wants it: with success, or with the error that is named")           \
    X(MEMORY, "memory-holds", "memory holds what was stored there, and is given to nobody else")   \
    X(OPEN, "open-keeps-promises",                                                                 \
      "open returns the state that was acknowledged last, or an attempt since")                    \
    X(SOUND, "running-arena-sound", "heap, stacks and nouns are sound after every step")           \
    X(BLOCKS, "blocks-add-up", "each block of the file is used once, free, or waits to be")        \
    X(LENGTH, "length-as-wanted", "the file is as long as the step and the arena's options say")   \
    X(LIMITS, "limits-hold", "the arena keeps to the limits on memory and mappings")               \
    X(VIEWS, "views-hold", "views and copies show their snapshot, whatever happens meanwhile")     \
    X(FAILURES, "failures-are-dealt-with",                                                         \
      "a call that fails says why and changes nothing; then the arena goes on working, or is "     \
      "poisoned and says so")                                                                      \
    X(LIFE, "process-lives", "no call and no access ends the process")                             \
    X(RETURN, "calls-return", "every call comes to its end")

enum workload_rule {
#define WORKLOAD_RULE_ID(id, name, help) WORKLOAD_##id,
    WORKLOAD_RULES(WORKLOAD_RULE_ID)
#undef WORKLOAD_RULE_ID
        WORKLOAD_RULE_COUNT /* none of them */
};
const char *workload_rule_name(enum workload_rule rule);
const char *workload_rule_help(enum workload_rule rule);

/* Why a workload failed, in shared memory: plain values. Starts zeroed, but for the rule. */
struct workload_failure {
    enum workload_rule rule;
    char name[64]; /* of the rule, or of the invariant that the running arena breaks */
    char call[32]; /* that ended otherwise than expected */
    int code;
    char step[200];     /* "step 3 (write a page 1)", or "" before the first */
    char expected[160]; /* in place of the rule's sentence, or "" */
    char found[640];
    char text[1024]; /* all in one line, with file and line of the step */
};

struct workload_options {
    const char *input; /* directory that `ingest` reads */
    enum pma_copying copying;
    results_oracle_t *invariants; /* judge the running arena after each step; NULL = none */
    bool judges_failures;         /* see workload_play */
    bool fails_once;              /* the run's plan has one hit fail, no later one */
};

/* Makes the empty arena of a scenario that does not record its creation. */
int workload_setup(const struct scenario *scenario, const struct workload_options *options,
                   const char *directory, struct workload_failure *failure);

/*
 * Plays all steps. 0, or a negative code and why: a rule that the library broke, or that the steps
 * could not be played. An error that the run's own fault plan injected ends the workload early,
 * with success.
 *
 * With judges_failures it is judged before: the call must have said what is wrong and changed
 * nothing, and the arena must go on working or be poisoned, close, and open again at a state that
 * may be there. That is for plans that make calls fail; after skipped ones nothing can be demanded.
 */
int workload_play(const struct scenario *scenario, const struct workload_options *options,
                  const char *directory, struct workload_failure *failure);

/* A step in a few words: "write 'a' pages 0-2". */
void workload_describe(const struct step *step, char *text, size_t bytes);

#endif
