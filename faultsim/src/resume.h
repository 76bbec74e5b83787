/* SPDX-License-Identifier: MIT */
#ifndef RESUME_H
#define RESUME_H

#include <faultsim/explore.h>

/*
 * Records how the subject goes on from the files of an image, which are durable as they are.
 * `*begun` is the first event after those that tell of these files. 0, or a negative code with a
 * sentence in summary->error; none of the run's faults is in force.
 */
int resume_record(const struct fsim_subject *subject, const struct fsim_options *options,
                  const void *image, size_t image_bytes, fsim_trace_t *trace, size_t *begun,
                  struct fsim_summary *summary);

#endif
