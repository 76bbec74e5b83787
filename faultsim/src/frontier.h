/* SPDX-License-Identifier: MIT */
/*
 * The crash states from which the exploration goes on: everything that was recovered and judged
 * right, and every instant at which the process alone may die. docs/crash-model.md, "Crashes inside
 * recovery".
 */
#ifndef FRONTIER_H
#define FRONTIER_H

#include "search.h"

struct frontier;

int frontier_new(struct frontier **frontier);
void frontier_free(struct frontier *frontier);

/* A leaf was judged at a crash point that admits it: `walk` is there. -ENOMEM. */
int frontier_note_leaf(struct frontier *frontier, const struct search *search,
                       const struct walk *walk, uint32_t point, bool legal);

/* The process may die at this crash point, which leaves what the last writes left. -ENOMEM. */
int frontier_note_kill(struct frontier *frontier, const struct search *search, uint32_t point);

/* Records how each of these crash states is gone on from, and makes of the recordings the search's
 * next level. 0, or a negative code, with a sentence in summary->error if there is more to say. */
int frontier_advance(struct frontier *frontier, struct search *search,
                     struct fsim_summary *summary);

#endif
