/* SPDX-License-Identifier: MIT */
/*
 * One recording behind another in the same trace, so that they share contents, names and files: the
 * same file content then is the same crash state, whichever recording it comes from.
 */
#ifndef SPLICE_H
#define SPLICE_H

#include <faultsim/model.h>

/*
 * Appends the events of `from` from `first` on. `files` says what each file of `from` is in `to`,
 * by id; FSIM_NO_FILE: a new one. A mark without a payload takes label and payload of the last mark
 * of its state, if there is one. 0, or -ENOSPC if the trace is full.
 */
int splice_trace(fsim_trace_t *to, const fsim_trace_t *from, size_t first, uint32_t *files,
                 struct fsim_span *span);

#endif
