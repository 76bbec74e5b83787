/* SPDX-License-Identifier: MIT */
/* What the files explain*.c share: wrapped lines, and the marks of a trace in words. */
#ifndef EXPLAIN_TEXT_H
#define EXPLAIN_TEXT_H

#include <faultsim/trace.h>
#include <stdio.h>

/* Prints text in lines of at most 76 columns; from the second on they start with `indent`. */
void explain_wrap(FILE *out, const char *first, const char *indent, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

const char *explain_label(const fsim_trace_t *trace, size_t mark);

/* The mark of a recording that begins without an arena. */
bool explain_is_start(const fsim_trace_t *trace, size_t mark);

#endif
