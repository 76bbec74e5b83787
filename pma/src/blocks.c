/* SPDX-License-Identifier: MIT */
#include "blocks.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include <pma/pma.h>

#include "format.h"
#include "os.h"

/*
 * One byte a block. Limbo has two ages, and which of the two states is the younger one alternates
 * with each acknowledgement, so that growing older costs nothing: a block enters limbo in the young
 * state, is in the old one after the next acknowledgement, and is free after the one that follows.
 */
enum state { FREE, BORN, COMMITTED, LIMBO_EVEN, LIMBO_ODD, HELD, STATES };

/* Every block of a state lies in [first, end): what a whole-state change has to look at. */
struct bounds {
    uint64_t count, first, end;
};

/*
 * The snapshots that may name a block, from the one that it was taken for to the last before it was
 * dropped. `from` is written only while views are known of, and may be lower than the truth, as an
 * earlier life of the block has left it; `to` is written when the block becomes HELD.
 */
struct life {
    uint64_t from, to;
};

struct blocks {
    uint8_t *states;
    size_t bytes; /* mapped for them */
    struct life *lives;
    bool alive; /* something has been written there */
    uint64_t count;
    uint64_t cursor;      /* where the next search starts */
    uint64_t taken, runs; /* blocks, since somebody asked, and the runs that they lay in */
    uint64_t limit;       /* none from here on is taken */
    uint64_t beyond;      /* FREE ones from there on */
    uint64_t acknowledged;
    uint64_t next;    /* no snapshot below names what is taken now */
    struct pins pins; /* as last seen */
    struct bounds of[STATES];
};

static enum state young_limbo(const struct blocks *blocks)
{
    return blocks->acknowledged % 2 == 0 ? LIMBO_EVEN : LIMBO_ODD;
}

static enum state old_limbo(const struct blocks *blocks)
{
    return blocks->acknowledged % 2 == 0 ? LIMBO_ODD : LIMBO_EVEN;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* How many blocks of a run may not be taken. */
static uint64_t beyond_limit(const struct blocks *blocks, uint64_t first, uint64_t count)
{
    uint64_t end = first + count;
    return end - smaller(end, blocks->limit > first ? blocks->limit : first);
}

static void change(struct blocks *blocks, uint64_t first, uint64_t count, enum state from,
                   enum state to)
{
    memset(blocks->states + first, to, count);
    if (from == FREE)
        blocks->beyond -= beyond_limit(blocks, first, count);
    if (to == FREE)
        blocks->beyond += beyond_limit(blocks, first, count);
    blocks->of[from].count -= count;
    struct bounds *bounds = &blocks->of[to];
    if (bounds->count == 0 || first < bounds->first)
        bounds->first = first;
    if (bounds->count == 0 || first + count > bounds->end)
        bounds->end = first + count;
    bounds->count += count;
    if (to != BORN || blocks->pins.count == 0)
        return;
    blocks->alive = true;
    for (uint64_t block = first; block < first + count; block++)
        blocks->lives[block].from = blocks->next;
}

static uint64_t run_end(const struct blocks *blocks, uint64_t first, uint64_t limit)
{
    uint8_t state = blocks->states[first];
    uint64_t end = first + 1;
    while (end < limit && blocks->states[end] == state)
        end++;
    return end;
}

static void change_all(struct blocks *blocks, enum state from, enum state to)
{
    const struct bounds bounds = blocks->of[from];
    for (uint64_t at = bounds.first; blocks->of[from].count > 0;) {
        const uint8_t *found = memchr(blocks->states + at, from, bounds.end - at);
        at = (uint64_t)(found - blocks->states);
        uint64_t end = run_end(blocks, at, bounds.end);
        change(blocks, at, end - at, from, to);
        at = end;
    }
}

static size_t table_bytes(uint64_t count)
{
    return (count + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE * PMA_PAGE_SIZE;
}

static void adopt_new(struct blocks *blocks, uint64_t count)
{
    uint64_t first = blocks->count;
    blocks->count = count;
    blocks->of[FREE].count += count - first; /* change() takes them out of it again */
    blocks->beyond += beyond_limit(blocks, first, count - first);
    change(blocks, first, count - first, FREE, FREE);
}

int blocks_new(uint64_t count, struct blocks **blocks)
{
    if (count < FORMAT_META_BLOCKS)
        return PMA_EARGUMENT;
    struct blocks *made = os_memory(sizeof(*made), FAULT_NONE);
    if (!made)
        return -ENOMEM;
    made->bytes = table_bytes(count);
    made->states = os_memory(made->bytes, FAULT_NONE);
    made->lives = os_memory(made->bytes * sizeof(*made->lives), FAULT_NONE);
    if (!made->states || !made->lives) {
        blocks_free(made);
        return -ENOMEM;
    }
    made->limit = UINT64_MAX;
    adopt_new(made, count);
    change(made, 0, FORMAT_META_BLOCKS, FREE, COMMITTED);
    made->cursor = FORMAT_META_BLOCKS;
    *blocks = made;
    return 0;
}

void blocks_free(struct blocks *blocks)
{
    if (!blocks)
        return;
    os_memory_free(blocks->states, blocks->bytes);
    os_memory_free(blocks->lives, blocks->bytes * sizeof(*blocks->lives));
    os_memory_free(blocks, sizeof(*blocks));
}

static int make_tables_longer(struct blocks *blocks, size_t bytes)
{
    uint8_t *states = os_memory(bytes, FAULT_NONE);
    struct life *lives = os_memory(bytes * sizeof(*lives), FAULT_NONE);
    if (!states || !lives) {
        os_memory_free(states, bytes);
        os_memory_free(lives, bytes * sizeof(*lives));
        return -ENOMEM;
    }
    memcpy(states, blocks->states, blocks->count);
    if (blocks->alive)
        memcpy(lives, blocks->lives, blocks->count * sizeof(*lives));
    os_memory_free(blocks->states, blocks->bytes);
    os_memory_free(blocks->lives, blocks->bytes * sizeof(*lives));
    blocks->states = states;
    blocks->lives = lives;
    blocks->bytes = bytes;
    return 0;
}

int blocks_grow(struct blocks *blocks, uint64_t count)
{
    if (count < blocks->count)
        return PMA_EARGUMENT;
    size_t bytes = table_bytes(count);
    int result = bytes > blocks->bytes ? make_tables_longer(blocks, bytes) : 0;
    if (result)
        return result;
    if (count > blocks->count)
        adopt_new(blocks, count);
    return 0;
}

static void mark_if_free(struct blocks *blocks, uint64_t block, enum state to)
{
    if (blocks_is_free(blocks, block))
        change(blocks, block, 1, FREE, to);
}

void blocks_mark_committed(struct blocks *blocks, uint64_t block)
{
    mark_if_free(blocks, block, COMMITTED);
}

void blocks_mark_limbo(struct blocks *blocks, uint64_t block)
{
    /* Only the older meta page names it, and the next snapshot overwrites that one. */
    mark_if_free(blocks, block, old_limbo(blocks));
}

bool blocks_is_free(const struct blocks *blocks, uint64_t block)
{
    return block < blocks->count && blocks->states[block] == FREE;
}

bool blocks_is_born(const struct blocks *blocks, uint64_t block)
{
    return block < blocks->count && blocks->states[block] == BORN;
}

uint64_t blocks_count(const struct blocks *blocks)
{
    return blocks->count;
}

uint64_t blocks_count_free(const struct blocks *blocks)
{
    return blocks->of[FREE].count;
}

uint64_t blocks_count_ready(const struct blocks *blocks)
{
    return blocks->of[FREE].count - blocks->beyond;
}

uint64_t blocks_count_used(const struct blocks *blocks)
{
    return blocks->of[BORN].count + blocks->of[COMMITTED].count;
}

uint64_t blocks_count_used_from(const struct blocks *blocks, uint64_t first)
{
    uint64_t count = 0;
    for (uint64_t block = first; block < blocks->count; block++)
        count += blocks->states[block] == BORN || blocks->states[block] == COMMITTED;
    return count;
}

uint64_t blocks_count_limbo(const struct blocks *blocks)
{
    return blocks->of[LIMBO_EVEN].count + blocks->of[LIMBO_ODD].count;
}

uint64_t blocks_count_held(const struct blocks *blocks)
{
    return blocks->of[HELD].count;
}

struct run {
    uint64_t first, count;
};

/* The first run of free blocks in [from, limit), at most `most` long. False if there is none. */
static bool free_run(const struct blocks *blocks, uint64_t from, uint64_t limit, uint64_t most,
                     uint64_t *first, uint64_t *count)
{
    if (from >= limit)
        return false;
    const uint8_t *found = memchr(blocks->states + from, FREE, limit - from);
    if (!found)
        return false;
    *first = (uint64_t)(found - blocks->states);
    *count = run_end(blocks, *first, most < limit - *first ? *first + most : limit) - *first;
    return true;
}

/* Looks at some runs of [from, limit) for the longest, up to `want`. */
static void look_for_run(const struct blocks *blocks, uint64_t from, uint64_t limit, uint64_t want,
                         unsigned *looks, struct run *best)
{
    uint64_t first, count;
    while (best->count<want && * looks> 0 && free_run(blocks, from, limit, want, &first, &count)) {
        if (count > best->count)
            *best = (struct run){.first = first, .count = count};
        from = first + count;
        --*looks;
    }
}

int blocks_take(struct blocks *blocks, uint64_t want, uint64_t *first, uint64_t *got)
{
    if (want == 0)
        return PMA_EARGUMENT;
    if (blocks_count_ready(blocks) == 0)
        return -ENOSPC;
    /* A run that holds the cursor is cut there: the first look saw its upper part. */
    struct run best = {0};
    unsigned looks = BLOCKS_LOOKS;
    uint64_t limit = smaller(blocks->count, blocks->limit);
    uint64_t cursor = smaller(blocks->cursor, limit);
    look_for_run(blocks, cursor, limit, want, &looks, &best);
    look_for_run(blocks, 0, cursor, want, &looks, &best);
    change(blocks, best.first, best.count, FREE, BORN);
    blocks->taken += best.count;
    blocks->runs += best.first != blocks->cursor;
    blocks->cursor = best.first + best.count;
    *first = best.first;
    *got = best.count;
    return 0;
}

int blocks_longest(const struct blocks *blocks, uint64_t *first, uint64_t *count)
{
    struct run best = {0};
    unsigned looks = UINT_MAX;
    look_for_run(blocks, 0, smaller(blocks->count, blocks->limit), UINT64_MAX, &looks, &best);
    if (best.count == 0)
        return -ENOSPC;
    *first = best.first;
    *count = best.count;
    return 0;
}

bool blocks_take_at(struct blocks *blocks, uint64_t first, uint64_t count)
{
    uint64_t limit = smaller(blocks->count, blocks->limit);
    if (count == 0 || first >= limit || count > limit - first)
        return false;
    if (blocks->states[first] != FREE || run_end(blocks, first, first + count) != first + count)
        return false;
    change(blocks, first, count, FREE, BORN);
    return true;
}

void blocks_limit(struct blocks *blocks, uint64_t limit)
{
    blocks->limit = limit;
    blocks->beyond = 0;
    for (uint64_t at = limit; at < blocks->count; at++)
        blocks->beyond += blocks->states[at] == FREE;
}

bool blocks_are_scattered(struct blocks *blocks)
{
    enum { ENOUGH = 1024, LONG = 8 };
    if (blocks->taken < ENOUGH)
        return false;
    bool scattered = blocks->runs * LONG > blocks->taken;
    blocks->taken = blocks->runs = 0;
    return scattered;
}

void blocks_seek(struct blocks *blocks, uint64_t block)
{
    blocks->cursor = block;
}

int blocks_drop(struct blocks *blocks, uint64_t first, uint64_t count)
{
    if (first < FORMAT_META_BLOCKS || first > blocks->count || count > blocks->count - first)
        return PMA_EBUG;
    uint64_t end = first + count;
    for (uint64_t block = first; block < end; block++) {
        if (blocks->states[block] != BORN && blocks->states[block] != COMMITTED)
            return PMA_EBUG;
    }
    for (uint64_t at = first; at < end;) {
        uint64_t stop = run_end(blocks, at, end);
        if (blocks->states[at] == BORN)
            change(blocks, at, stop - at, BORN, FREE);
        else
            change(blocks, at, stop - at, COMMITTED, young_limbo(blocks));
        at = stop;
    }
    return 0;
}

void blocks_attempt(struct blocks *blocks)
{
    change_all(blocks, BORN, COMMITTED);
}

void blocks_acknowledge(struct blocks *blocks)
{
    change_all(blocks, old_limbo(blocks), FREE);
    blocks->acknowledged++;
}

uint64_t blocks_used_end(const struct blocks *blocks)
{
    uint64_t end = blocks->count;
    while (blocks->states[end - 1] != BORN && blocks->states[end - 1] != COMMITTED)
        end--; /* no further than the meta pages */
    return end;
}

uint64_t blocks_end(const struct blocks *blocks)
{
    uint64_t end = blocks->count;
    while (blocks->states[end - 1] == FREE)
        end--;
    return end;
}

int blocks_shrink(struct blocks *blocks, uint64_t count)
{
    if (count < blocks_end(blocks) || count > blocks->count)
        return PMA_EBUG;
    blocks->of[FREE].count -= blocks->count - count;
    blocks->beyond -= beyond_limit(blocks, count, blocks->count - count);
    blocks->count = count;
    return 0;
}

static void hold(struct blocks *blocks, enum state from, uint64_t older)
{
    const struct bounds bounds = blocks->of[from];
    uint64_t rest = bounds.count;
    for (uint64_t block = bounds.first; rest > 0; block++) {
        const uint8_t *found = memchr(blocks->states + block, from, bounds.end - block);
        block = (uint64_t)(found - blocks->states);
        rest--;
        if (!pins_meet(&blocks->pins, blocks->lives[block].from, older))
            continue;
        blocks->alive = true;
        blocks->lives[block].to = older;
        change(blocks, block, 1, from, HELD);
    }
}

void blocks_hold(struct blocks *blocks, uint64_t number, uint64_t older, const struct pins *pins)
{
    blocks_review(blocks, pins);
    blocks->next = number + 1;
    if (pins->count > 0)
        hold(blocks, old_limbo(blocks), older);
}

void blocks_hold_free(struct blocks *blocks, uint64_t older, const struct pins *pins)
{
    blocks->pins = *pins;
    if (pins->count > 0)
        hold(blocks, FREE, older);
}

void blocks_review(struct blocks *blocks, const struct pins *pins)
{
    const struct bounds bounds = blocks->of[HELD];
    uint64_t rest = pins_equal(pins, &blocks->pins) ? 0 : bounds.count;
    blocks->pins = *pins;
    for (uint64_t block = bounds.first; rest > 0; block++) {
        const uint8_t *found = memchr(blocks->states + block, HELD, bounds.end - block);
        block = (uint64_t)(found - blocks->states);
        rest--;
        if (!pins_meet(pins, blocks->lives[block].from, blocks->lives[block].to))
            change(blocks, block, 1, HELD, FREE);
    }
}

int blocks_next_free(const struct blocks *blocks, uint64_t from, uint64_t *first, uint64_t *count)
{
    return free_run(blocks, from, blocks->count, UINT64_MAX, first, count) ? 0 : -ENOENT;
}
