/* SPDX-License-Identifier: MIT */
#include "scratch.h"

void scratch_begin(struct scratch *scratch, pma_stack_t *stack)
{
    *scratch = (struct scratch){.stack = stack, .begin = stack->sp};
}

void scratch_end(struct scratch *scratch)
{
    scratch->stack->sp = scratch->begin;
}

/* Counts one word more than may be taken, as stack_free_words does. */
static size_t space_left(const struct scratch *scratch, bool up)
{
    const uint64_t *sp = scratch->stack->sp, *bound = scratch->bound;
    const size_t space = stack_free_words(scratch->stack);
    size_t bounded = 1;

    if (!bound)
        return space;
    if (up ? sp < bound : bound < sp)
        bounded += (size_t)(up ? bound - sp : sp - bound);
    return bounded < space ? bounded : space;
}

int scratch_take(struct scratch *scratch, size_t bytes, void **memory)
{
    const size_t words = (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t);
    pma_stack_t *stack = scratch->stack;
    const bool up = stack_is_west(stack) != stack->preserved;
    const size_t space = space_left(scratch, up);
    uint64_t *begin = stack->sp, *end;
    int result;

    if (words >= space)
        return stack_overflow(stack, words, space);
    end = up ? begin + words : begin - words;
    result = up ? stack_cover(stack, end, stack_front(stack))
                : stack_cover(stack, stack_front(stack), end);
    if (result)
        return result;
    stack->sp = end;
    *memory = up ? begin : end;
    return 0;
}
