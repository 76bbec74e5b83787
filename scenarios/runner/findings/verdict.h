/* SPDX-License-Identifier: MIT */
/* What a violation means: digests as text, who is legal, one sentence for the headline. */
#ifndef VERDICT_H
#define VERDICT_H

#include <faultsim/explore.h>
#include <results/results.h>

enum { DIGEST_TEXT = 33 }; /* 32 hex digits and the end */

const char *verdict_digest(struct fsim_digest digest, char text[DIGEST_TEXT]);
bool verdict_is_zero(struct fsim_digest digest);

/* "before", "after", "inside": the side of a crash point on which power fails. */
const char *verdict_side(const struct fsim_crash_point *point);

/* "power fails before the 2nd hit of pma/sync/meta". free() it. */
char *verdict_where(const char *what, const char *side, uint64_t hit, const char *where);

/*
 * The label beside a digest in a list of "DIGEST label" lines, or NULL. The text lies in the list
 * and ends at the line's end: *length.
 */
const char *verdict_label(const char *list, const char *digest, int *length);

/* What was lost, in one sentence. free() it. */
char *verdict_headline(const struct results_violation *violation);

/* The oracle's judgement of one recovery against stored lists of states. */
enum fsim_verdict verdict_judge(const struct results_violation *stored,
                                const struct fsim_outcome *outcome, const char *finding);

#endif
