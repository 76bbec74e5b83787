/* SPDX-License-Identifier: MIT */
#ifndef POINTS_H
#define POINTS_H

#include <faultsim/model.h>

/* The crash points of one recording: as fsim_crash_points, for a part of a trace that several
 * recordings share. */
int points_in(fsim_trace_t *trace, struct fsim_span span, struct fsim_crash_point **points,
              size_t *count);

#endif
