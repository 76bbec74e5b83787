/* SPDX-License-Identifier: MIT */
#ifndef RECORDING_H
#define RECORDING_H

#include <faultsim/explore.h>

#include "death.h"
#include "scratch.h"

/* Runs the subject's setup and workload in a child process, in a fresh directory, and records the
 * workload into `trace`. 0 or a negative code with a sentence in summary->error. */
int recording_make(const struct fsim_subject *subject, const struct fsim_options *options,
                   fsim_trace_t *trace, struct fsim_summary *summary);

/* The directory where files of workloads live. */
int recording_place(const struct fsim_options *options, struct scratch *scratch,
                    struct fsim_summary *summary);

/*
 * Only runs them, in a directory of the caller's. With a death ahead the files are not captured:
 * the trace gets what the workload says. 1 if the workload came to its end, 0 if it ended where the
 * plan or its death wanted, or a negative code with a sentence in summary->error.
 */
int recording_play(const struct fsim_subject *subject, const struct fsim_options *options,
                   fsim_trace_t *trace, const char *directory, const struct death *death,
                   struct fsim_summary *summary);

#endif
