/* SPDX-License-Identifier: MIT */
/*
 * For tests of the recorder: a directory of their own that is being recorded, and what the trace
 * says of it, as the lines of fsim_trace_describe.
 */
#ifndef RECORDED_H
#define RECORDED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <faultsim/capture.h>
#include <faultsim/trace.h>

struct recorded {
    char directory[64];
    fsim_trace_t *trace;
    size_t seen; /* events that the test has looked at */
};

/* cmocka fixtures: recording is on between them. */
int recorded_setup(void **state);
int recorded_teardown(void **state);

/* The same without recording, for tests that prepare the directory first. */
int recorded_setup_idle(void **state);
void recorded_begin(struct recorded *recorded);

/* The path of a name in the directory, in one of a few static buffers. */
const char *path_in(const struct recorded *recorded, const char *name);
int open_in(const struct recorded *recorded, const char *name, int flags);
/* A shared mapping of the first blocks of a new file of that many zero blocks. */
char *map_in(const struct recorded *recorded, const char *name, size_t blocks, int *fd);

/* What is in the trace so far is of no interest. */
void skip_events(struct recorded *recorded);
/* The events since, as text, are these and no others. Ends with NULL. */
void expect_events(struct recorded *recorded, ...) __attribute__((sentinel));
/* The text of a block after the last event: what was written to it last. */
const char *last_content(const struct recorded *recorded, uint32_t file, uint64_t block);

#endif
