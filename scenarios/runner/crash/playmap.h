/* SPDX-License-Identifier: MIT */
/*
 * The map of a play, for reports: what the crash states of each crash point did to each block,
 * length and name of the recording. docs/report.md has its text.
 */
#ifndef PLAYMAP_H
#define PLAYMAP_H

#include <faultsim/explore.h>

struct playmap;

struct playmap *playmap_new(void);
void playmap_free(struct playmap *map);

/* The next crash point of the recording; without fates it is left out. */
void playmap_add(struct playmap *map, const fsim_trace_t *trace,
                 const struct fsim_point_report *point);

/* As one JSON document for free(); NULL if no crash point was added. */
char *playmap_text(const struct playmap *map);

#endif
