/* SPDX-License-Identifier: MIT */
/*
 * Whether the recorder saw all that was done to the files: what they hold when the workload is over
 * must be what the trace says. What is not wrapped (io_uring, another process) changes files behind
 * its back, and crash states of such a trace would prove nothing; nor would those of a store that
 * needs more than files in one directory.
 */
#ifndef UNSEEN_H
#define UNSEEN_H

#include <stddef.h>

#include <faultsim/trace.h>

/* 0, -ENOTSUP and a sentence if some file is not what the trace says, or a negated errno. */
int unseen_find(const fsim_trace_t *trace, const char *directory, char *text, size_t bytes);

#endif
