/* SPDX-License-Identifier: MIT */
/* Walking the frames, for dumps and for the check of what must hold of them. */
#include <errno.h>

#include "call.h"
#include "pages.h"
#include "stack.h"

static struct pma_stack_frame describe(uint64_t *fp, uint64_t *sp, uint64_t *ap, uint64_t *slots,
                                       unsigned depth)
{
    const bool west = sp < ap;

    return (struct pma_stack_frame){
        .depth = depth,
        .west = west,
        .fp = (uintptr_t)fp,
        .sp = (uintptr_t)sp,
        .ap = (uintptr_t)ap,
        .saved_fp = *stack_slot(slots, west, STACK_FP),
        .saved_sp = *stack_slot(slots, west, STACK_SP),
        .saved_ap = *stack_slot(slots, west, STACK_AP),
    };
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a < b ? b - a : a - b;
}

static void count_locals(struct pma_stack_frame *frame)
{
    frame->locals =
        (uint32_t)(distance(frame->fp, frame->saved_ap) / sizeof(uint64_t) - STACK_SLOTS);
}

static struct pma_stack_frame top_frame(const pma_stack_t *stack)
{
    struct pma_stack_frame frame =
        describe(stack->fp, stack->sp, stack->ap, stack->preserved ? stack->ap : stack->fp,
                 stack->frames - 1);

    frame.preserved = stack->preserved;
    if (stack->preserved)
        frame.locals = stack->locals;
    else
        count_locals(&frame);
    return frame;
}

static struct pma_stack_frame caller_of(const struct pma_stack_frame *frame)
{
    struct pma_stack_frame caller =
        describe(stack_pointer(frame->saved_fp), stack_pointer(frame->saved_sp),
                 stack_pointer(frame->saved_ap), stack_pointer(frame->saved_fp), frame->depth - 1);

    count_locals(&caller);
    return caller;
}

int pma_stack_frame(pma_stack_t *stack, unsigned depth, struct pma_stack_frame *frame)
{
    struct pma_stack_frame found;
    int result = frame ? stack_missing(stack) : PMA_EARGUMENT;

    if (result)
        return result;
    if (depth >= stack->frames)
        return -ENOENT;
    for (found = top_frame(stack); found.depth > depth;)
        found = caller_of(&found);
    *frame = found;
    return 0;
}

static const uint64_t *low_front(const pma_stack_t *stack)
{
    const uint64_t *front = stack_front(stack);

    return stack->sp < front ? stack->sp : front;
}

static const uint64_t *high_front(const pma_stack_t *stack)
{
    const uint64_t *front = stack_front(stack);

    return stack->sp < front ? front : stack->sp;
}

int pma_stack_stat(pma_stack_t *stack, struct pma_stack_stat *stat)
{
    const size_t words = PMA_PAGE_SIZE / sizeof(uint64_t);
    int result = stat ? stack_missing(stack) : PMA_EARGUMENT;

    if (result)
        return result;
    *stat = (struct pma_stack_stat){
        .low = stack->low,
        .high = stack->high,
        .frames = stack->frames,
        .pages =
            (uint64_t)(stack->low_cover - stack->low + stack->high - stack->high_cover) / words,
        .peak_pages = stack->peak_pages,
        .west_bytes = (uint64_t)(low_front(stack) - stack->low) * sizeof(uint64_t),
        .east_bytes = (uint64_t)(stack->high - high_front(stack)) * sizeof(uint64_t),
    };
    return 0;
}

/* Addresses in the order in which they must lie from a frame's side of the range to the other. */
enum { ORDERED = 6 };
struct order {
    uint64_t at[ORDERED];
};

static bool in_order(const struct order *order, bool west)
{
    for (unsigned i = 1; i < ORDERED; i++) {
        if (west ? order->at[i - 1] > order->at[i] : order->at[i - 1] < order->at[i])
            return false;
    }
    return true;
}

/* What is wrong with a frame, or NULL. */
static const char *look_at(const pma_stack_t *stack, const struct pma_stack_frame *frame)
{
    const uint64_t near = (uintptr_t)(frame->west ? stack->low : stack->high);
    const uint64_t far = (uintptr_t)(frame->west ? stack->high : stack->low);
    const uint64_t slots = (STACK_SLOTS + (uint64_t)frame->locals) * sizeof(uint64_t);
    const struct order order = {{
        near,
        frame->west ? frame->fp - slots : frame->fp + slots,
        frame->preserved ? frame->saved_ap : frame->fp,
        frame->sp,
        frame->ap,
        frame->saved_sp ? frame->saved_sp : far,
    }};

    if ((frame->fp | frame->sp | frame->ap) % sizeof(uint64_t))
        return "its pointers are not those of words";
    if (frame->sp == frame->ap || !in_order(&order, frame->west))
        return "its pointers are out of order";
    if (frame->depth == 0 && (frame->saved_fp || frame->saved_sp))
        return "it is the first one and has a caller";
    if (frame->depth == 0 && !frame->preserved && frame->saved_ap != near)
        return "it is the first one and has not begun at the end";
    return NULL;
}

/* Whether the slots of the frame's caller are where they can be read. */
static bool caller_is_there(const pma_stack_t *stack, const struct pma_stack_frame *frame)
{
    const bool met = stack->low_cover == stack->high_cover;
    const uint64_t *low_end = met ? stack->high : stack->low_cover;
    const uint64_t *high_begin = met ? stack->low : stack->high_cover;
    const uint64_t *fp = stack_pointer(frame->saved_fp);

    if (frame->saved_fp % sizeof(uint64_t))
        return false;
    return frame->saved_sp < frame->saved_ap ? fp >= stack->low + STACK_SLOTS && fp <= low_end
                                             : fp >= high_begin && fp + STACK_SLOTS <= stack->high;
}

/* Without the lock, since what is looked at may have to be brought back into memory first. */
static const char *look_at_frames(const pma_stack_t *stack, struct pma_stack_frame *frame)
{
    const char *wrong;

    for (*frame = top_frame(stack);; *frame = caller_of(frame)) {
        wrong = look_at(stack, frame);
        if (wrong || frame->depth == 0)
            return wrong;
        if (!caller_is_there(stack, frame))
            return "its caller is not on the stack";
        if ((frame->saved_sp < frame->saved_ap) == frame->west)
            return "its caller is on the same side";
    }
}

/* Exactly the pages [page, end) are allocated of those up to `limit`, and all are ephemeral. */
static int check_run(pma_stack_t *stack, const uint64_t *from, const uint64_t *end,
                     const uint64_t *limit)
{
    const uint64_t *base = pma_base(stack->arena);
    const size_t words = PMA_PAGE_SIZE / sizeof(uint64_t);
    const uint64_t last = (uint64_t)(end - base) / words, stop = (uint64_t)(limit - base) / words;
    uint64_t page = (uint64_t)(from - base) / words;
    struct span span;
    int result;

    for (;; page = extent_end(&span.extent)) {
        result = pages_next(stack->arena, page, &span);
        if (result && result != -ENOENT)
            return result;
        if (page >= last)
            break;
        if (result || span.extent.page > page)
            return arena_fail(stack->arena, PMA_ECORRUPT, "page %lu of the stack is not allocated",
                              page);
        if (!span.ephemeral)
            return arena_fail(stack->arena, PMA_ECORRUPT, "page %lu of the stack is persistent",
                              page);
    }
    if (last < stop && (page > last || (!result && span.extent.page < stop)))
        return arena_fail(stack->arena, PMA_ECORRUPT,
                          "pages between those of the two stacks are allocated");
    return 0;
}

static int check_pages(pma_stack_t *stack, const uint64_t *low, const uint64_t *high)
{
    int result = 0;

    if (stack->low_cover != stack->high_cover &&
        (low > stack->low_cover || high < stack->high_cover))
        result = arena_fail(stack->arena, PMA_ECORRUPT, "a frame lies on pages that are not there");
    if (!result)
        result = check_run(stack, stack->low, stack->low_cover, stack->high_cover);
    return result ? result : check_run(stack, stack->high_cover, stack->high, stack->high);
}

int pma_stack_check(pma_stack_t *stack)
{
    struct pma_stack_frame frame;
    const uint64_t *low, *high;
    const char *wrong;
    int result = stack_missing(stack);

    if (result)
        return result;
    wrong = look_at_frames(stack, &frame);
    low = low_front(stack);
    high = high_front(stack);
    result = call_enter(stack->arena, CALL_READS);
    if (result)
        return result;
    if (wrong)
        result = arena_fail(stack->arena, PMA_ECORRUPT, "frame %u at 0x%lx: %s", frame.depth,
                            frame.fp, wrong);
    else
        result = check_pages(stack, low, high);
    return call_finish(stack->arena, result, "check of a stack");
}
