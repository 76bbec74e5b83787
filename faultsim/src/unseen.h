/* SPDX-License-Identifier: MIT */
/*
 * Whether the recorder saw all that was done to the files: what they hold when the workload is over
 * must be what the trace says. Calls that are not wrapped (stdio, sendfile, io_uring) change files
 * behind its back, and crash states of such a trace would prove nothing.
 */
#ifndef UNSEEN_H
#define UNSEEN_H

#include <stddef.h>

#include <faultsim/trace.h>

/* 0, -ENOTSUP and a sentence if some file is not what the trace says, or a negated errno. */
int unseen_find(const fsim_trace_t *trace, const char *directory, char *text, size_t bytes);

#endif
