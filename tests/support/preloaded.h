/* SPDX-License-Identifier: MIT */
/* Runs a program under the preloaded recorder and gives the trace of it. */
#ifndef PRELOADED_H
#define PRELOADED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <faultsim/trace.h>

struct preloaded {
    char directory[64]; /* what the program works in, given as its argument */
    char path[80];      /* the trace */
    int status;         /* of the program, as waitpid gives it */
};

/* cmocka fixtures. */
int preloaded_setup(void **state);
int preloaded_teardown(void **state);

/* `mode` is the program's second argument. */
void run_preloaded(struct preloaded *preloaded, const char *program, const char *mode);
/* The same, and the trace; free it with fsim_trace_free. */
fsim_trace_t *trace_of(struct preloaded *preloaded, const char *program, const char *mode);

/* The index of the first event from `from` on whose text is `text`; fails the test if there is
 * none. */
size_t find_event(const fsim_trace_t *trace, size_t from, const char *text);

/* How many events read like that. */
size_t count_events(const fsim_trace_t *trace, const char *text);

#endif
