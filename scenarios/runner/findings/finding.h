/* SPDX-License-Identifier: MIT */
/* A violation as the database keeps it: the crash state, and what is to be said of it. */
#ifndef FINDING_H
#define FINDING_H

#include <faultsim/reduce.h>
#include <results/results.h>

#include "subject.h"
#include "verdict.h"
#include "workers/message.h"

struct finding {
    struct results_violation stored;
    char *timeline, *explanation, *legal, *known, *rows, *settings, *earlier;
    void *image;
    char state[DIGEST_TEXT];
};

/* `reduction` is of this violation, or NULL; `lasting` the options that the run was given, or NULL.
 * 0 or a negated errno; finding_release either way. */
int finding_make(const struct subject *subject, const struct fsim_violation *violation,
                 const struct fsim_reduction *reduction, const char *lasting,
                 struct finding *finding);
void finding_release(struct finding *finding);

/* What a replay needs of a violation beside image and scenario. free() it; NULL if it has no room.
 */
char *finding_settings(const struct subject *subject, const char *lasting);

/* The options of the run that found a stored violation, as they stand on a command line: a part of
 * its settings. Not terminated; *length. */
const char *finding_options(const struct results_violation *violation, int *length);

/* Violations as messages. The getter returns false for a message that is none; the texts live as
 * long as the message. */
void finding_put(struct message *message, const struct results_violation *violation);
bool finding_get(struct message *message, struct results_violation *violation);

#endif
