/* SPDX-License-Identifier: MIT */
/*
 * Rules for every file that comes into being: it gets its name when all that was written of it is
 * durable, and the name is durable when the step ends. The oracle recovers the arena only, whose
 * name it judges; this is what is demanded of copies.
 */
#ifndef NAMED_H
#define NAMED_H

#include <faultsim/trace.h>

/* 0, or 1 and a sentence about the first name that breaks a rule, or a negated errno. */
int named_check_trace(const fsim_trace_t *trace, const char *arena_file, char *message,
                      size_t message_bytes);

#endif
