/* SPDX-License-Identifier: MIT */
/* Which pages belong to a large object: only the first has a descriptor. */
#ifndef HEAP_RUN_H
#define HEAP_RUN_H

#include "heap_state.h"

/* The large object that `page` is in; -ENOENT if it is in none. */
int heap_run_covering(struct heap_call *call, uint64_t page, uint64_t *start, uint64_t *pages);

/* Whether a page of the range belongs to the heap in any way; -ENOENT if none does. */
int heap_run_touching(struct heap_call *call, uint64_t page, uint64_t pages, uint64_t *first);

#endif
