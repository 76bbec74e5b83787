/* SPDX-License-Identifier: MIT */
/* A violation in words. Both texts are malloc'ed, at most 80 columns wide, NULL without memory. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <faultsim/explore.h>

/* What was done up to the crash, oldest first. */
char *explain_timeline(const struct fsim_violation *violation);

/* What was lost: what came back beside what was legal, and which blocks made the difference. */
char *explain_violation(const struct fsim_violation *violation);

#endif
