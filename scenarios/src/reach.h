/* SPDX-License-Identifier: MIT */
/*
 * A rule that holds at every instant of a recording, crash or not: nothing is written that a valid
 * meta page reaches, nor the meta page of the last acknowledged snapshot itself. Found by playing
 * the trace into files and walking them.
 */
#ifndef REACH_H
#define REACH_H

#include <faultsim/trace.h>

/* 0, or 1 and a sentence about the first write that breaks the rule, or a negated errno. */
int reach_check_trace(const fsim_trace_t *trace, const char *arena_file, char *message,
                      size_t message_bytes);

#endif
