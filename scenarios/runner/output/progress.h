/* SPDX-License-Identifier: MIT */
/* How far we are, on stderr: a live display on a terminal, now and then a line elsewhere. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum { PROGRESS_TASKS = 6 };

/* What is being done now. The name is owned: progress_state_release frees it. */
struct progress_task {
    char *name;
    size_t point, points; /* the crash point that is searched, of how many; 0: unknown */
};

/* All there is to tell. */
struct progress_state {
    const char *unit; /* of what is counted, "plays" */
    size_t done, all;
    double part;                      /* of the work, from 0 to 1 */
    uint64_t milliseconds, budget_ms; /* gone; all there are, 0: no limit */
    double states;                    /* covered; 0: not counted */
    uint64_t recoveries, bad;         /* bad: violations, say */
    const char *one_bad, *many_bad;   /* what to call them; NULL: there are none */
    bool stopping;
    struct progress_task tasks[PROGRESS_TASKS];
    size_t task_count;
};

void progress_add_task(struct progress_state *state, char *name, size_t point, size_t points);
void progress_state_release(struct progress_state *state);

struct progress;

/* quiet: nothing at all is printed. */
struct progress *progress_new(bool quiet);
void progress_free(struct progress *progress);

/* Whether it is time to show something again: ten times a second on a terminal, seldom elsewhere.
 * The state, of which nothing is kept, then says how long it has taken so far, and no more. */
bool progress_is_due(struct progress *progress, struct progress_state *state);

/* The same of instants, in milliseconds from the start; `live`: on a terminal. */
bool progress_is_time(bool live, uint64_t last_ms, uint64_t now_ms);

/* Shows the state, whenever it is called. */
void progress_show(struct progress *progress, const struct progress_state *state);

/* A line of its own, which stays. */
void progress_line(struct progress *progress, enum text_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "0:07", "1:02:03" */
const char *progress_clock(struct number *number, uint64_t milliseconds);

#endif
