/* SPDX-License-Identifier: MIT */
/*
 * A rule for every file that comes into being: it gets its name when all that was written of it is
 * durable. The oracle recovers the arena only; this is what is demanded of copies.
 */
#ifndef NAMED_H
#define NAMED_H

#include <faultsim/trace.h>

/* 0, or 1 and a sentence about the first name that comes too early, or a negated errno. */
int named_check_trace(const fsim_trace_t *trace, char *message, size_t message_bytes);

#endif
