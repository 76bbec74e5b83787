/* SPDX-License-Identifier: MIT */
#ifndef RECORDING_H
#define RECORDING_H

#include <faultsim/explore.h>

/* Runs the subject's setup and workload in a child process, in a fresh directory, and records the
 * workload into `trace`. 0 or a negative code with a sentence in summary->error. */
int recording_make(const struct fsim_subject *subject, const struct fsim_options *options,
                   fsim_trace_t *trace, struct fsim_summary *summary);

#endif
