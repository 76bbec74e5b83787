/* SPDX-License-Identifier: MIT */
/* How far we are, on stderr: a bar on a terminal, a line for each thing done otherwise. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress;

/* quiet: nothing at all is printed. */
struct progress *progress_new(bool quiet);

/* Redraws the bar, at most ten times a second; `text` stands behind it. */
void progress_show(struct progress *progress, size_t done, size_t all, const char *text);

/* A line of its own, above the bar. `important` lines are printed beside a bar too, others only
 * where there is none. */
void progress_line(struct progress *progress, bool important, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Takes the bar away. */
void progress_free(struct progress *progress);

#endif
