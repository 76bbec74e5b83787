/* SPDX-License-Identifier: MIT */
/* Frames: arithmetic on words, once the pages below them are there (stack_pages.c). */
#include "stack.h"

#include <errno.h>
#include <stdlib.h>

#include "call.h"
#include "options.h"
#include "reserve.h"

int stack_refuse(pma_stack_t *stack, int code, const char *why)
{
    int result = call_enter(stack->arena, CALL_READS);

    if (result)
        return result;
    return call_finish(stack->arena, arena_fail(stack->arena, code, "%s", why), NULL);
}

int stack_overflow(pma_stack_t *stack, size_t words, size_t space)
{
    int result = call_enter(stack->arena, CALL_READS);

    if (result)
        return result;
    result = arena_fail(stack->arena, -ENOMEM, "stack overflow: %lu words wanted, %lu free", words,
                        space - 1);
    return call_finish(stack->arena, result, NULL);
}

static const uint64_t *lower(const uint64_t *a, const uint64_t *b)
{
    return a < b ? a : b;
}

static const uint64_t *higher(const uint64_t *a, const uint64_t *b)
{
    return a < b ? b : a;
}

static int cover(pma_stack_t *stack, const uint64_t *a, const uint64_t *b)
{
    return stack_cover(stack, lower(a, b), higher(a, b));
}

static void trim(pma_stack_t *stack)
{
    const uint64_t *front = stack_front(stack);

    if (lower(stack->sp, front) < stack->low_trim || higher(stack->sp, front) > stack->high_trim)
        stack_trim(stack);
}

/* Makes an empty frame the top one; its pages are there. */
static void begin_frame(pma_stack_t *stack, bool west, uint64_t *fp, uint64_t *ap, unsigned locals,
                        const uint64_t saved[STACK_SLOTS])
{
    uint64_t *zeros = west ? fp - (STACK_SLOTS + locals) : fp + STACK_SLOTS;

    for (unsigned slot = 0; slot < STACK_SLOTS; slot++)
        *stack_slot(fp, west, slot) = saved[slot];
    for (unsigned i = 0; i < locals; i++)
        zeros[i] = 0;
    stack->fp = stack->sp = fp;
    stack->ap = ap;
    stack->preserved = false;
}

/* A first frame has no caller: what stands for the caller's AP is the end on the frame's side. */
static int begin_first_frame(pma_stack_t *stack, bool west, uint64_t *ap, unsigned locals)
{
    const size_t words = (size_t)locals + STACK_SLOTS;
    uint64_t *end = west ? stack->low : stack->high;
    uint64_t *fp = west ? end + words : end - words;
    const size_t space = (size_t)(west ? ap - end : end - ap);
    const uint64_t saved[STACK_SLOTS] = {[STACK_AP] = (uintptr_t)end};
    int result;

    if (words >= space)
        return stack_overflow(stack, words, space);
    result = cover(stack, fp, ap);
    if (result)
        return result;
    begin_frame(stack, west, fp, ap, locals, saved);
    return 0;
}

static int read_options(pma_t *arena, const struct pma_stack_options *given,
                        struct pma_stack_options *options)
{
    *options = PMA_STACK_OPTIONS_INIT;
    if (given && !options_take(options, sizeof(*options), given))
        return arena_fail(arena, PMA_EARGUMENT,
                          "stack options of %lu bytes, this library knows %lu", given->size,
                          sizeof(*options));
    return 0;
}

static int make(pma_t *arena, const struct pma_stack_options *given, pma_stack_t **stack)
{
    struct pma_stack_options options;
    pma_stack_t *made;
    int result = read_options(arena, given, &options);

    if (result)
        return result;
    made = calloc(1, sizeof(*made));
    if (!made)
        return arena_fail(arena, -ENOMEM, "memory for a stack");
    made->arena = arena;
    made->batch_release = options.batch_release;
    result = stack_take_range(made, options.reserved_bytes);
    if (result)
        free(made);
    else
        *stack = made;
    return result;
}

int pma_stack_new(pma_t *arena, const struct pma_stack_options *options, unsigned locals,
                  pma_stack_t **stack)
{
    pma_stack_t *made = NULL;
    int result = call_enter(arena, CALL_CHANGES);

    if (result)
        return result;
    result = call_finish(arena, stack ? make(arena, options, &made) : PMA_EARGUMENT, "new stack");
    if (result)
        return result;
    result = begin_first_frame(made, true, made->high, locals);
    if (result) {
        stack_drop_range(made);
        free(made);
        return result;
    }
    made->frames = 1;
    *stack = made;
    return 0;
}

int pma_stack_free(pma_stack_t *stack)
{
    int result;

    if (!stack)
        return 0;
    result = stack_drop_range(stack);
    free(stack);
    return result;
}

int pma_stack_push(pma_stack_t *stack, unsigned locals)
{
    const size_t words = (size_t)locals + STACK_SLOTS;
    uint64_t saved[STACK_SLOTS], *fp;
    bool west;
    int result = stack_missing(stack);

    if (result)
        return result;
    if (stack->preserved)
        return stack_refuse(stack, PMA_ESTACK, "push after a preserve");
    if (words >= stack_free_words(stack))
        return stack_overflow(stack, words, stack_free_words(stack));
    west = stack_is_west(stack);
    fp = west ? stack->ap - words : stack->ap + words;
    result = cover(stack, stack->sp, fp);
    if (result)
        return result;
    saved[STACK_FP] = (uintptr_t)stack->fp;
    saved[STACK_SP] = (uintptr_t)stack->sp;
    saved[STACK_AP] = (uintptr_t)stack->ap;
    begin_frame(stack, !west, fp, stack->sp, locals, saved);
    stack->frames++;
    return 0;
}

int pma_stack_pop(pma_stack_t *stack)
{
    uint64_t *fp, *sp, *ap;
    int result = stack_missing(stack);

    if (result)
        return result;
    if (stack->frames == 1)
        return stack_refuse(stack, PMA_ESTACK, "pop of the last frame");
    fp = stack_pointer(*stack_saved(stack, STACK_FP));
    sp = stack_pointer(*stack_saved(stack, STACK_SP));
    ap = stack_pointer(*stack_saved(stack, STACK_AP));
    stack->fp = fp;
    stack->sp = sp;
    stack->ap = ap;
    stack->preserved = false;
    stack->frames--;
    trim(stack);
    return 0;
}

int pma_stack_flip(pma_stack_t *stack, unsigned locals)
{
    int result = stack_missing(stack);

    if (result)
        return result;
    if (stack->frames > 1)
        return stack_refuse(stack, PMA_ESTACK, "flip with more than one frame");
    result = begin_first_frame(stack, !stack_is_west(stack),
                               stack_pointer(*stack_saved(stack, STACK_AP)), locals);
    if (!result)
        trim(stack);
    return result;
}

/*
 * Finds a place for an object at a front that moves down or up. False if it is not below `room`
 * words. Objects that can be moved by re-mapping begin where the kernel moves them most cheaply.
 */
static bool place_at(uint64_t *front, bool down, size_t bytes, size_t alignment, size_t room,
                     uint64_t **begin, uint64_t **end)
{
    const uintptr_t at = (uintptr_t)front;
    uintptr_t first;

    if (bytes >= room * sizeof(uint64_t))
        return false;
    first =
        down ? (at - bytes) / alignment * alignment : (at + alignment - 1) / alignment * alignment;
    *begin = stack_pointer(first);
    *end = stack_pointer(first + bytes);
    return (size_t)(down ? front - *begin : *end - front) < room;
}

static bool place(uint64_t *front, bool down, size_t bytes, size_t room, uint64_t **begin,
                  uint64_t **end)
{
    enum { CONGRUENT = CONGRUENT_PAGES * PMA_PAGE_SIZE };
    const size_t unit = bytes < STACK_LARGE ? sizeof(uint64_t) : PMA_PAGE_SIZE;

    if (bytes > room * sizeof(uint64_t))
        return false;
    bytes = bytes ? (bytes + unit - 1) / unit * unit : unit;
    if (bytes >= CONGRUENT && place_at(front, down, bytes, CONGRUENT, room, begin, end))
        return true;
    return place_at(front, down, bytes, unit, room, begin, end);
}

static size_t words_of(size_t bytes)
{
    return bytes / sizeof(uint64_t) + (bytes % sizeof(uint64_t) != 0);
}

int pma_stack_alloc(pma_stack_t *stack, size_t bytes, void **address)
{
    uint64_t *begin, *end, *ap;
    bool west;
    int result = address ? stack_missing(stack) : PMA_EARGUMENT;

    if (result)
        return result;
    if (stack->preserved)
        return stack_refuse(stack, PMA_ESTACK, "alloc after a preserve");
    west = stack_is_west(stack);
    if (!place(stack->ap, west, bytes, stack_free_words(stack), &begin, &end))
        return stack_overflow(stack, words_of(bytes), stack_free_words(stack));
    ap = west ? begin : end;
    result = cover(stack, stack->sp, ap);
    if (result)
        return result;
    stack->ap = ap;
    *address = begin;
    return 0;
}

static uint32_t top_locals(const pma_stack_t *stack)
{
    const uint64_t *ap;

    if (stack->preserved)
        return stack->locals;
    ap = stack_pointer(*stack_saved(stack, STACK_AP));
    return (uint32_t)((ap > stack->fp ? ap - stack->fp : stack->fp - ap) - STACK_SLOTS);
}

uint64_t *pma_stack_local(pma_stack_t *stack, unsigned index)
{
    if (stack_missing(stack) || stack->preserved || index >= top_locals(stack))
        return NULL;
    return stack_slot(stack->fp, stack_is_west(stack), STACK_SLOTS + index);
}

int stack_scratch_grow(pma_stack_t *stack)
{
    const bool up = stack_is_west(stack) != stack->preserved;

    if (stack_free_words(stack) <= 1)
        return stack_overflow(stack, 1, stack_free_words(stack));
    return cover(stack, up ? stack->sp + 1 : stack->sp - 1, stack_front(stack));
}

int pma_stack_light_push(pma_stack_t *stack, uint64_t word)
{
    int result = stack_missing(stack);

    if (result)
        return result;
    if (stack->preserved)
        return stack_refuse(stack, PMA_ESTACK, "light push after a preserve");
    return stack_scratch_push(stack, word);
}

int pma_stack_light_pop(pma_stack_t *stack, uint64_t *word)
{
    int result = word ? stack_missing(stack) : PMA_EARGUMENT;

    if (result)
        return result;
    if (stack->preserved)
        return stack_refuse(stack, PMA_ESTACK, "light pop after a preserve");
    if (stack->sp == stack->fp)
        return stack_refuse(stack, PMA_ESTACK, "light pop of an empty light stack");
    *word = stack_scratch_pop(stack);
    return 0;
}

int pma_stack_release(pma_stack_t *stack)
{
    int result = stack_missing(stack);

    return result ? result : stack_trim_all(stack);
}

static int move_saved(pma_stack_t *stack, struct stack_preserve *before)
{
    const bool west = stack_is_west(stack);
    uint64_t saved[STACK_SLOTS], *beside;
    int result;

    beside = west ? stack->ap - STACK_SLOTS : stack->ap + STACK_SLOTS;
    result = cover(stack, before->front, beside);
    if (result)
        return result;
    for (unsigned slot = 0; slot < STACK_SLOTS; slot++)
        saved[slot] = *stack_saved(stack, slot);
    stack->locals = top_locals(stack);
    for (unsigned slot = 0; slot < STACK_SLOTS; slot++) {
        before->under[slot] = *stack_slot(stack->ap, west, slot);
        *stack_slot(stack->ap, west, slot) = saved[slot];
    }
    stack->sp = beside;
    stack->preserved = true;
    return 0;
}

int stack_preserve_begin(pma_stack_t *stack, struct stack_preserve *before)
{
    *before = (struct stack_preserve){
        .first = !stack->preserved,
        .sp = stack->sp,
        .front = stack_pointer(*stack_saved(stack, STACK_AP)),
    };
    return before->first ? move_saved(stack, before) : 0;
}

void stack_preserve_cancel(pma_stack_t *stack, const struct stack_preserve *before)
{
    const bool west = stack_is_west(stack);

    if (before->first) {
        for (unsigned slot = 0; slot < STACK_SLOTS; slot++)
            *stack_slot(stack->ap, west, slot) = before->under[slot];
    } else {
        *stack_saved(stack, STACK_AP) = (uintptr_t)before->front;
    }
    stack->sp = before->sp;
    stack->preserved = !before->first;
}

int stack_preserve_alloc(pma_stack_t *stack, size_t bytes, void **address)
{
    const bool down = !stack_is_west(stack);
    uint64_t *begin, *end, *front;
    int result;

    if (!place(stack_front(stack), down, bytes, stack_free_words(stack), &begin, &end))
        return stack_overflow(stack, words_of(bytes), stack_free_words(stack));
    front = down ? begin : end;
    result = cover(stack, stack->sp, front);
    if (result)
        return result;
    *stack_saved(stack, STACK_AP) = (uintptr_t)front;
    *address = begin;
    return 0;
}
