/* SPDX-License-Identifier: MIT */
/* What a GitHub workflow reads off the output of a step. */
#ifndef GITHUB_H
#define GITHUB_H

#include "gate.h"

/* Whether to print it: an option said so, or this is such a workflow. */
bool github_wanted(const struct settings *settings);

/* Workflow commands, which become annotations of the lines that they name, and a summary of the
 * step in the file that GITHUB_STEP_SUMMARY names. `baseline` is NULL if there was none. */
void github_report(const struct settings *settings, const struct ledger *run,
                   const struct ledger *baseline, const struct gate *gate);

#endif
