/* SPDX-License-Identifier: MIT */
/*
 * A violation in words. Both texts are malloc'ed, at most 80 columns wide, NULL without memory.
 * `reduction` is what made it small, or NULL.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <faultsim/reduce.h>

/* What was done up to the crash, oldest first, and what does not matter folded. */
char *explain_timeline(const struct fsim_violation *violation,
                       const struct fsim_reduction *reduction);

/* The same of a recording that no crash ended, with a sentence that says what did. */
char *explain_recording(const fsim_trace_t *trace, const char *end);

/* What was lost: what came back beside what was legal, and which blocks made the difference. */
char *explain_violation(const struct fsim_violation *violation,
                        const struct fsim_reduction *reduction);

#endif
