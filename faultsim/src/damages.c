/* SPDX-License-Identifier: MIT */
#include "damages.h"

#include <string.h>

#define FLIPPED (UINT64_C(1) << 62) /* below the mark of torn values */

enum {
    CONTENT_BITS = 32,
    BITS = FSIM_BLOCK_SIZE * 8,
    MOST = 1 + DAMAGE_FLIPS + 3,
};

bool fsim_value_flipped(uint64_t value, uint64_t *content, uint64_t *bit)
{
    *content = value & ((UINT64_C(1) << CONTENT_BITS) - 1);
    *bit = value >> CONTENT_BITS & (BITS - 1);
    return value >> 62 == 1;
}

const void *damages_content(const fsim_trace_t *trace, uint64_t value,
                            unsigned char scratch[FSIM_BLOCK_SIZE])
{
    uint64_t content, bit;
    fsim_value_flipped(value, &content, &bit);
    memcpy(scratch, fsim_trace_content(trace, content), FSIM_BLOCK_SIZE);
    scratch[bit / 8] ^= (unsigned char)(1 << bit % 8);
    return scratch;
}

/* The bits of a content up to the last byte that is not zero. */
static uint64_t used_bits(const unsigned char *bytes)
{
    size_t used = FSIM_BLOCK_SIZE;
    while (used > 1 && bytes[used - 1] == 0)
        used--;
    return used * 8;
}

static void add(struct choices *choices, uint64_t value)
{
    for (uint32_t i = 0; i < choices->count; i++)
        if (choices->values[i] == value)
            return;
    choices->values[choices->count++] = value;
}

/* A bit in each of as many equal parts of what is used, drawn by the content: a record gets others
 * flipped in each of its versions. */
static void add_flips(const fsim_trace_t *trace, uint64_t content, struct choices *choices)
{
    uint64_t part = used_bits(fsim_trace_content(trace, content)) / DAMAGE_FLIPS;
    struct fsim_digest digest = fsim_trace_content_digest(trace, content);
    for (uint64_t i = 0; part > 0 && i < DAMAGE_FLIPS; i++) {
        uint64_t bit = i * part + (digest.low >> 16 * i) % part;
        add(choices, FLIPPED | bit << CONTENT_BITS | content);
    }
}

int damages_find(const fsim_trace_t *trace, const struct damage_source *source,
                 struct choices *choices)
{
    int error = choices_reset(choices, MOST);
    if (error < 0)
        return error;
    add(choices, source->own);
    choices->sound = 1;
    if (source->own > fsim_trace_contents(trace))
        return 0;
    add_flips(trace, source->own, choices);
    add(choices, FSIM_ZEROS);
    add(choices, source->stray);
    add(choices, source->stale);
    return 0;
}
