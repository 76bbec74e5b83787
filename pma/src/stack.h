/* SPDX-License-Identifier: MIT */
/*
 * The 2stackz from inside: its state, and what a copier needs of it. See docs/stack.md.
 *
 * What holds between calls:
 * 1. The top frame is west if and only if SP < AP; polarity alternates from frame to frame.
 * 2. Free space is what lies between SP and the front opposite to it: AP or, from the first
 *    preserve on, the caller's AP, which the preserved data push. It is never empty.
 * 3. The pages below low_cover and from high_cover on are allocated, those between are not. What is
 *    in use lies in the former, but where the two covers meet nothing between is left to tell them
 *    apart.
 */
#ifndef STACK_H
#define STACK_H

#include <pma/stack.h>

#include "arena.h"

enum stack_slot { STACK_FP, STACK_SP, STACK_AP, STACK_SLOTS };

struct pma_stack {
    pma_t *arena;
    uint64_t *fp, *sp, *ap;
    bool preserved; /* a preserve of the top frame has begun */
    bool batch_release;
    unsigned frames;
    uint32_t locals; /* of the top frame, once it is preserved */
    uint64_t *low, *high;
    uint64_t *low_cover, *high_cover;
    uint64_t *low_trim,
        *high_trim;        /* a front beyond these has left enough pages to give some back */
    uint64_t keep;         /* pages that a side keeps when it is trimmed */
    uint64_t trimmed_from; /* pages that a side had before it was trimmed last */
    uint64_t peak_pages;
};

static inline bool stack_is_west(const pma_stack_t *stack)
{
    return stack->sp < stack->ap;
}

/* Slot `index` of a frame at `base`, which is FP, or AP for the saved three of a preserved one. */
static inline uint64_t *stack_slot(uint64_t *base, bool west, unsigned index)
{
    return west ? base - (index + 1) : base + index;
}

/* Where one of the three that the top frame keeps for its caller is. */
static inline uint64_t *stack_saved(const pma_stack_t *stack, enum stack_slot slot)
{
    return stack_slot(stack->preserved ? stack->ap : stack->fp, stack_is_west(stack), slot);
}

static inline uint64_t *stack_pointer(uint64_t word)
{
    return (uint64_t *)(uintptr_t)word;
}

/* The front opposite to SP. */
static inline uint64_t *stack_front(const pma_stack_t *stack)
{
    return stack->preserved ? stack_pointer(*stack_saved(stack, STACK_AP)) : stack->ap;
}

/* Words of free space; one of them always stays free. */
static inline size_t stack_free_words(const pma_stack_t *stack)
{
    const uint64_t *front = stack_front(stack);

    return (size_t)(front > stack->sp ? front - stack->sp : stack->sp - front);
}

/* The words [begin, end). */
struct stack_area {
    const uint64_t *begin, *end;
};

/* Where the objects of the top frame lie. */
static inline struct stack_area stack_top_area(const pma_stack_t *stack)
{
    const uint64_t *far = stack_pointer(*stack_saved(stack, STACK_SP));

    if (stack_is_west(stack))
        return (struct stack_area){stack->ap, far ? far : stack->high};
    return (struct stack_area){far ? far : stack->low, stack->ap};
}

enum stack_place {
    STACK_TOP,      /* in the top frame */
    STACK_OLDER,    /* in an older one, preserved data included */
    STACK_ELSEWHERE /* not on this stack */
};
static inline enum stack_place stack_place(const pma_stack_t *stack, const void *address)
{
    const struct stack_area top = stack_top_area(stack);
    const uint64_t *at = address;

    if (at >= top.begin && at < top.end)
        return STACK_TOP;
    return at >= stack->low && at < stack->high ? STACK_OLDER : STACK_ELSEWHERE;
}

/* What every public call asks first: nothing of a stack is there in a child after fork. */
static inline int stack_missing(const pma_stack_t *stack)
{
    if (!stack)
        return PMA_EARGUMENT;
    return stack->arena->inherited ? PMA_EFORK : 0;
}

/* Refuses a call with the text of why. Returns the code. */
int stack_refuse(pma_stack_t *stack, int code, const char *why);

/* -ENOMEM with how many words were wanted, and how many of free space there are. */
int stack_overflow(pma_stack_t *stack, size_t words, size_t space);

/*
 * Scratch words in the free space, the last one first. Before a preserve they are the top frame's
 * light stack; afterwards, which emptied it, they lie beside AP. Whoever pushes pops: leave SP as
 * it was found. -ENOMEM if the space is full.
 */
int stack_scratch_grow(pma_stack_t *stack);
static inline int stack_scratch_push(pma_stack_t *stack, uint64_t word)
{
    const bool up = stack_is_west(stack) != stack->preserved;
    int result;

    if (stack_free_words(stack) <= 1 || stack->sp == (up ? stack->low_cover : stack->high_cover)) {
        result = stack_scratch_grow(stack);
        if (result)
            return result;
    }
    if (up)
        *stack->sp++ = word;
    else
        *--stack->sp = word;
    return 0;
}
static inline uint64_t stack_scratch_pop(pma_stack_t *stack)
{
    return stack_is_west(stack) != stack->preserved ? *--stack->sp : *stack->sp++;
}

/*
 * Begins a preserve of the top frame, if none has begun: the saved three move beside AP, and the
 * frame's locals and light stack are given up, since preserved data will lie there. Push and alloc
 * are refused until the frame is popped. Until something is stored to what stack_preserve_alloc
 * gives, or the first preserve of a frame takes scratch words from SP as it was on, it can be
 * cancelled, and nothing has happened.
 */
struct stack_preserve {
    bool first;                  /* of this frame */
    uint64_t *sp, *front;        /* as they were */
    uint64_t under[STACK_SLOTS]; /* what was where the saved three lie now */
};
int stack_preserve_begin(pma_stack_t *stack, struct stack_preserve *before);
void stack_preserve_cancel(pma_stack_t *stack, const struct stack_preserve *before);

/* Allocates in the caller's area, in a preserve that has begun: as pma_stack_alloc does. */
int stack_preserve_alloc(pma_stack_t *stack, size_t bytes, void **address);

/*
 * Moves whole pages of the stack over others of it, whose content goes: the mappings, no byte. At
 * the source fresh pages take their place. If it fails, nothing has changed: copy instead.
 */
int stack_move_pages(pma_stack_t *stack, void *to, void *from, size_t pages);

/* Puts fresh pages where pages of the stack have been moved away, to the heap. */
int stack_refill(pma_stack_t *stack, void *address, size_t pages);

/* Bytes from which on an object is aligned to a page, and takes whole ones. */
enum { STACK_LARGE = PMA_PAGE_SIZE / 2 + 1 };

/*
 * stack_pages.c. Allocates what is missing of the pages below `low_front` and from `high_front` on;
 * a failure leaves all as it was, but for pages more than needed.
 */
int stack_cover_slowly(pma_stack_t *stack, const uint64_t *low_front, const uint64_t *high_front);
static inline int stack_cover(pma_stack_t *stack, const uint64_t *low_front,
                              const uint64_t *high_front)
{
    return low_front <= stack->low_cover && high_front >= stack->high_cover
               ? 0
               : stack_cover_slowly(stack, low_front, high_front);
}

/* Gives pages back after fronts went back: some if there are many, or all that are not needed. */
void stack_trim(pma_stack_t *stack);
int stack_trim_all(pma_stack_t *stack);

/* A range for both stacks, and its end. */
int stack_take_range(pma_stack_t *stack, uint64_t bytes);
int stack_drop_range(pma_stack_t *stack);

#endif
