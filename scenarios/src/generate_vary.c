/* SPDX-License-Identifier: MIT */
#include "generate_vary.h"

enum { SMALL_STACK = 64, LARGE_STACK = 512 };

uint64_t generate_stack_pages(bool random)
{
    return random ? LARGE_STACK : SMALL_STACK;
}

/* SplitMix64: every state gives another number, and any state is a good one to begin with. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

struct vary vary_from(uint64_t seed, uint64_t number)
{
    return (struct vary){mix(mix(seed) + number)};
}

uint64_t vary_below(struct vary *vary, uint64_t limit)
{
    vary->state += 0x9e3779b97f4a7c15u;
    return mix(vary->state) % limit;
}

/* From 1 to 2^bits, small ones as likely as large ones. */
static uint64_t scaled(struct vary *vary, unsigned bits)
{
    uint64_t most = (uint64_t)1 << vary_below(vary, bits + 1);

    return 1 + vary_below(vary, most);
}

/* A whole or a part of pages; that the part is beyond the end is found out by who checks it. */
static void vary_range(struct vary *vary, struct step *step)
{
    step->page = vary_below(vary, 2) ? vary_below(vary, 6) : 0;
    step->pages = vary_below(vary, 2) ? scaled(vary, 2) : 0;
}

void vary_step(struct vary *vary, struct step *step)
{
    bool of_pages = step->name != NULL && step->name[0] == 'p';

    switch (step->kind) {
    case STEP_ALLOC:
        step->pages = scaled(vary, 3);
        break;
    case STEP_WRITE:
        step->bytes = 8 * scaled(vary, 9);
        step->order = (enum step_order)vary_below(vary, 3);
        if (of_pages)
            vary_range(vary, step);
        break;
    case STEP_FREE:
    case STEP_DIRTY:
    case STEP_EVICT:
        if (of_pages)
            vary_range(vary, step);
        break;
    case STEP_MOVE:
        if (step->as != NULL)
            vary_range(vary, step);
        break;
    case STEP_MALLOC:
        step->bytes = scaled(vary, 14);
        step->zeroed = vary_below(vary, 4) == 0;
        if (!step->zeroed && vary_below(vary, 4) == 0)
            step->align = (uint64_t)16 << vary_below(vary, 9);
        break;
    case STEP_REALLOC:
        step->bytes = scaled(vary, 14);
        break;
    case STEP_PUSH:
    case STEP_FLIP:
        step->locals = vary_below(vary, 5);
        break;
    case STEP_STACK_ALLOC:
        step->bytes = scaled(vary, 14);
        break;
    case STEP_LIGHT_PUSH:
        step->count = scaled(vary, 10);
        break;
    case STEP_LIGHT_POP:
        step->count = scaled(vary, 4);
        break;
    case STEP_NOUN:
        step->shape = (enum step_shape)vary_below(vary, 4);
        step->size = step->shape == SHAPE_ATOM ? scaled(vary, 14) : scaled(vary, 4);
        break;
    case STEP_SNAPSHOT:
        step->count = step->expect == 0 && !step->killed && vary_below(vary, 8) == 0 ? 2 : 1;
        break;
    default:
        break;
    }
}

static uint64_t one_of(struct vary *vary, const uint64_t *values, size_t count)
{
    return values[vary_below(vary, count)];
}

#define ONE_OF(vary, ...)                                                                          \
    one_of(vary, (const uint64_t[]){__VA_ARGS__},                                                  \
           sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

void vary_arena(struct vary *vary, struct scenario *scenario)
{
    scenario->record_creation = vary_below(vary, 4) == 0;
    scenario->initial_blocks = ONE_OF(vary, 8, 16, 32, 64);
    scenario->grow_blocks = ONE_OF(vary, 1, 4, 8, 32);
    scenario->fanout = ONE_OF(vary, 4, 4, 5, 8, 0);
    scenario->resident_pages = ONE_OF(vary, 0, 0, 0, 16, 32);
    scenario->mapping_limit = ONE_OF(vary, 0, 0, 0, 16, 32);
    scenario->defragment_blocks = ONE_OF(vary, 0, 0, 0, 4, 16);
}
