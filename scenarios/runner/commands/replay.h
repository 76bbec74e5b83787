/* SPDX-License-Identifier: MIT */
/* What became of a stored violation that was tried again. */
#ifndef REPLAY_H
#define REPLAY_H

#include <results/results.h>

#include "commandline/command.h"
#include "findings/verdict.h"

struct replay {
    enum fsim_verdict verdict;
    char status[16], state[DIGEST_TEXT];
    char message[1024], finding[1024];
};

/*
 * Records the scenario of a violation that lies in its recording again, as far as it is needed,
 * with the library of this build; with --in-process in this process, which ends if that does.
 * Complains and returns false if it cannot.
 */
bool replay_recording(const struct settings *settings, const struct results_violation_row *row,
                      struct replay *replay);

/* With --in-process, what answers a signal that kills: a place for debuggers to stop, which cannot
 * tell it from those that the arena answers. */
void replay_died(int number);

/* Where a debugger is to stop on it. */
const char *replay_recording_stop(const struct results_violation *violation);

#endif
