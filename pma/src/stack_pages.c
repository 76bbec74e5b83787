/* SPDX-License-Identifier: MIT */
/*
 * The pages below the frames. They are allocated in chunks, so that most calls meet none that is
 * missing, and given back when much more is allocated than needed, half of it at a time: what is
 * given back was grown before, so all of it together costs no more than a constant for each page
 * that was used. A stack that needs them again keeps as many from then on.
 */
#include "stack.h"

#include <errno.h>

#include "call.h"
#include "operations.h"
#include "reserve.h"

enum {
    WORDS = PMA_PAGE_SIZE / sizeof(uint64_t),
    CHUNK_LEAST = 4,   /* pages; a side grows by as many as it has, */
    CHUNK_MOST = 256,  /* but no more than this */
    KEEP_LEAST = 64,   /* what a side keeps in any case, */
    KEEP_MOST = 16384, /* and at most because it proved to be needed again */
    DEFAULT_SHARE = 4, /* of the arena's range, but at most: */
    DEFAULT_PAGES = (1 << 30) / PMA_PAGE_SIZE
};

/* Both ends of what is allocated, in pages from the low end of the range. */
struct cover {
    uint64_t low, high;
};

static uint64_t page_of(const pma_stack_t *stack, const uint64_t *address)
{
    return (uint64_t)(address - (const uint64_t *)pma_base(stack->arena)) / WORDS;
}

static uint64_t pages_below(const pma_stack_t *stack, const uint64_t *address)
{
    return ((uint64_t)(address - stack->low) + WORDS - 1) / WORDS;
}

static struct cover cover_of(const pma_stack_t *stack)
{
    return (struct cover){(uint64_t)(stack->low_cover - stack->low) / WORDS,
                          (uint64_t)(stack->high_cover - stack->low) / WORDS};
}

static uint64_t range_pages(const pma_stack_t *stack)
{
    return (uint64_t)(stack->high - stack->low) / WORDS;
}

/* The pages that fronts need, of which both can need the same one. */
static struct cover needed(const pma_stack_t *stack, const uint64_t *low_front,
                           const uint64_t *high_front)
{
    return (struct cover){pages_below(stack, low_front),
                          (uint64_t)(high_front - stack->low) / WORDS};
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a < b ? b : a;
}

static void set_cover(pma_stack_t *stack, struct cover cover)
{
    const uint64_t high_pages = range_pages(stack) - cover.high;

    stack->low_cover = stack->low + cover.low * WORDS;
    stack->high_cover = stack->low + cover.high * WORDS;
    stack->low_trim = stack->low;
    stack->high_trim = stack->high;
    if (!stack->batch_release && cover.low > stack->keep)
        stack->low_trim += cover.low / 4 * WORDS;
    if (!stack->batch_release && high_pages > stack->keep)
        stack->high_trim -= high_pages / 4 * WORDS;
    stack->peak_pages = larger(stack->peak_pages, cover.low + high_pages);
}

static uint64_t chunk(uint64_t pages)
{
    return larger(CHUNK_LEAST, smaller(pages, CHUNK_MOST));
}

/* A side that grows to where it was before it was trimmed was trimmed too early. */
static void learn(pma_stack_t *stack, uint64_t pages)
{
    if (pages >= stack->trimmed_from)
        return;
    stack->keep = larger(stack->keep, smaller(stack->trimmed_from, KEEP_MOST));
    stack->trimmed_from = 0;
}

static int grow(pma_stack_t *stack, struct cover wanted)
{
    const uint64_t first = page_of(stack, stack->low);
    struct cover cover = cover_of(stack);
    int result = 0;

    wanted.low = smaller(wanted.low, cover.high);
    if (wanted.low > cover.low) {
        wanted.low = smaller(wanted.low + chunk(cover.low), cover.high);
        result = allocate_ephemeral_at(stack->arena, first + cover.low, wanted.low - cover.low);
        if (result)
            return result;
        learn(stack, cover.low);
        cover.low = wanted.low;
        set_cover(stack, cover);
    }
    wanted.high = larger(wanted.high, cover.low);
    if (wanted.high < cover.high) {
        const uint64_t step = chunk(range_pages(stack) - cover.high);

        wanted.high = larger(wanted.high > step ? wanted.high - step : 0, cover.low);
        result = allocate_ephemeral_at(stack->arena, first + wanted.high, cover.high - wanted.high);
        if (result)
            return result;
        learn(stack, range_pages(stack) - cover.high);
        cover.high = wanted.high;
        set_cover(stack, cover);
    }
    return 0;
}

int stack_cover_slowly(pma_stack_t *stack, const uint64_t *low_front, const uint64_t *high_front)
{
    int result;

    if (stack->low_cover == stack->high_cover)
        return 0;
    result = call_enter(stack->arena, CALL_CHANGES);
    if (result)
        return result;
    result = grow(stack, needed(stack, low_front, high_front));
    return call_finish(stack->arena, result, "pages for a stack");
}

/* Frees what is allocated between `kept.low` and `kept.high`. */
static int shrink(pma_stack_t *stack, struct cover kept)
{
    const uint64_t first = page_of(stack, stack->low);
    struct cover cover = cover_of(stack);
    int result = 0;

    if (cover.low == cover.high) /* they meet where it suits */
        cover.low = cover.high = kept.low;
    kept.low = smaller(kept.low, cover.low);
    kept.high = larger(kept.high, cover.high);
    if (kept.low < cover.low)
        result = free_pages(stack->arena, first + kept.low, cover.low - kept.low);
    if (result)
        return result;
    cover.low = kept.low;
    set_cover(stack, cover);
    if (kept.high > cover.high)
        result = free_pages(stack->arena, first + cover.high, kept.high - cover.high);
    if (result)
        return result;
    cover.high = kept.high;
    set_cover(stack, cover);
    return 0;
}

static struct cover needed_now(const pma_stack_t *stack)
{
    uint64_t *front = stack_front(stack);

    return stack->sp < front ? needed(stack, stack->sp, front) : needed(stack, front, stack->sp);
}

/* Half of what there is stays, so that the next call does not ask for it again. */
void stack_trim(pma_stack_t *stack)
{
    const struct cover need = needed_now(stack), cover = cover_of(stack);
    const uint64_t pages = range_pages(stack), high_pages = pages - cover.high;
    struct cover kept = cover;
    struct pma_error error;

    if (need.low <= cover.low / 4)
        kept.low = larger(cover.low / 2, stack->keep);
    if (pages - need.high <= high_pages / 4)
        kept.high = pages - larger(high_pages / 2, stack->keep);
    kept.low = larger(kept.low, need.low);
    kept.high = smaller(kept.high, need.high);
    if (call_enter(stack->arena, CALL_CHANGES))
        return;
    /* What cannot be given back now can be later: no failure of the call that tried. */
    error = stack->arena->error;
    if (kept.low < kept.high && shrink(stack, kept))
        stack->arena->error = error;
    stack->trimmed_from = larger(cover.low, high_pages);
    call_leave(stack->arena);
}

int stack_trim_all(pma_stack_t *stack)
{
    struct cover need = needed_now(stack);
    int result = call_enter(stack->arena, CALL_CHANGES);

    if (result)
        return result;
    stack->keep = KEEP_LEAST;
    stack->trimmed_from = 0;
    if (need.low < need.high)
        result = shrink(stack, need);
    return call_finish(stack->arena, result, "release of a stack's pages");
}

int stack_take_range(pma_stack_t *stack, uint64_t bytes)
{
    struct pma *arena = stack->arena;
    uint64_t pages = bytes / PMA_PAGE_SIZE, page;
    int result;

    if (bytes % PMA_PAGE_SIZE)
        return arena_fail(arena, PMA_EARGUMENT, "a stack of %lu bytes, not whole pages", bytes);
    if (bytes == 0)
        pages = larger(smaller(DEFAULT_PAGES, arena->pages / DEFAULT_SHARE), 1);
    result = reserve_highest(arena, pages, pages < CONGRUENT_PAGES ? 1 : CONGRUENT_PAGES, &page);
    if (result)
        return result;
    stack->low = (uint64_t *)arena_address(arena, page);
    stack->high = stack->low + pages * WORDS;
    stack->keep = KEEP_LEAST;
    set_cover(stack, (struct cover){0, pages});
    return 0;
}

int stack_drop_range(pma_stack_t *stack)
{
    int result = call_enter(stack->arena, CALL_CHANGES);

    if (result)
        return result;
    result = shrink(stack, (struct cover){0, range_pages(stack)});
    reserve_cancel(stack->arena, page_of(stack, stack->low));
    return call_finish(stack->arena, result, "free a stack");
}

int stack_move_pages(pma_stack_t *stack, void *to, void *from, size_t pages)
{
    int result = call_enter(stack->arena, CALL_CHANGES);

    if (result)
        return result;
    result = replace_pages(stack->arena, page_of(stack, to), page_of(stack, from), pages);
    return call_finish(stack->arena, result, "move pages of a stack");
}

int stack_refill(pma_stack_t *stack, void *address, size_t pages)
{
    int result = call_enter(stack->arena, CALL_CHANGES);

    if (result)
        return result;
    result = allocate_ephemeral_at(stack->arena, page_of(stack, address), pages);
    return call_finish(stack->arena, result, "fresh pages for a stack");
}
