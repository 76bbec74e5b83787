/* SPDX-License-Identifier: MIT */
/* Traces built by hand, of one or two files, for tests of what is made of traces. */
#ifndef HAND_TRACE_H
#define HAND_TRACE_H

#include <faultsim/trace.h>

struct hand {
    fsim_trace_t *trace;
    uint32_t name; /* string id of "store" */
};

/* cmocka fixtures. The trace has files 1 and 2, and no event. */
int hand_setup(void **state);
int hand_teardown(void **state);

/* The id of a block full of one letter. */
uint64_t hand_content(struct hand *hand, char letter);

void hand_write(struct hand *hand, uint32_t file, uint64_t block, char letter);
void hand_length(struct hand *hand, uint32_t file, uint64_t bytes);
void hand_name(struct hand *hand, uint32_t file); /* "store" */
uint64_t hand_sync_begin(struct hand *hand, uint32_t file, uint64_t first, uint64_t blocks);
void hand_sync_end(struct hand *hand, uint64_t begin, int error);
void hand_sync(struct hand *hand, uint32_t file, uint64_t first, uint64_t blocks, int error);
void hand_mark(struct hand *hand, enum fsim_mark_kind kind, uint64_t number);
void hand_call(struct hand *hand, const char *call);
void hand_point(struct hand *hand, const char *point, uint64_t hit);
void hand_step(struct hand *hand, uint64_t number);

#endif
