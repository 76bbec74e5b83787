/* SPDX-License-Identifier: MIT */
/*
 * Scratch memory for the time of one call: the free space of a stack beyond the top frame's light
 * stack or, in a preserve, beside what the frame allocated. Taken piece by piece, given back at
 * once.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include "stack.h"

struct scratch {
    pma_stack_t *stack;
    uint64_t *begin;       /* SP as it was */
    const uint64_t *bound; /* not beyond this one; NULL: as far as there is free space */
};

void scratch_begin(struct scratch *scratch, pma_stack_t *stack);
void scratch_end(struct scratch *scratch);

/* -ENOMEM, with a text. The content is undefined. */
int scratch_take(struct scratch *scratch, size_t bytes, void **memory);

#endif
