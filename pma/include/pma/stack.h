/* SPDX-License-Identifier: MIT */
/*
 * A 2stackz: two stacks in one range of the arena that grow towards each other and together are one
 * logical stack of frames; after the New Mars design. Its pages are ephemeral: no snapshot takes
 * them, no sync writes them, no open finds them. See docs/stack.md.
 *
 * Each new frame lies on the side opposite to the one before it: west grows up from the low end,
 * east grows down from the high end. A frame's locals and its light stack are on its own side; what
 * it allocates lies on the other side, where its caller's data are, so that a result can be
 * preserved there and the frame dropped at once.
 *
 * A stack belongs to one thread at a time. No call here syncs. Words are 8 bytes. Overflow is
 * -ENOMEM before anything moved; misuse is PMA_ESTACK, nothing changed.
 */
#ifndef PMA_STACK_H
#define PMA_STACK_H

#include <pma/pma.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

typedef struct pma_stack pma_stack_t;

struct pma_stack_options {
    size_t size;             /* sizeof(struct pma_stack_options) */
    uint64_t reserved_bytes; /* of address space for both stacks, whole pages; 0 = 1 GiB, but at
                                most a quarter of the arena's range */
    bool batch_release;      /* keep the pages of popped frames until pma_stack_release */
};
#define PMA_STACK_OPTIONS_INIT PMA_SIZED(pma_stack_options)

/*
 * Makes a stack with one empty west frame of `locals` local words. Takes its address range from the
 * arena's: pma_pages_alloc stays out of it. `options` may be NULL. Several stacks may exist. Free
 * it with pma_stack_free, before pma_close.
 */
int pma_stack_new(pma_t *arena, const struct pma_stack_options *options, unsigned locals,
                  pma_stack_t **stack);

/* Frees the stack, its pages and its range. NULL is fine. Always frees the handle; an error is that
 * of giving the pages back. */
int pma_stack_free(pma_stack_t *stack);

/* Pushes a frame with `locals` local words, zeroed. PMA_ESTACK after a preserve. */
int pma_stack_push(pma_stack_t *stack, unsigned locals);

/* Pops the top frame and what it allocated; what was preserved from it now belongs to its
 * caller. PMA_ESTACK for the last frame. */
int pma_stack_pop(pma_stack_t *stack);

/*
 * Only with one frame left: puts an empty frame of the other side with `locals` local words in its
 * place. What was preserved before stays, and all else is gone: a copying collection of the whole
 * stack. PMA_ESTACK with more frames.
 */
int pma_stack_flip(pma_stack_t *stack, unsigned locals);

/*
 * Allocates `bytes` bytes of the top frame, rounded up to words, content undefined. More than half
 * a page is aligned to a page and takes whole pages, so that it can be moved by re-mapping; 2 MiB
 * or more are aligned to 2 MiB where that fits. 0 bytes are one word. PMA_ESTACK after a preserve.
 */
int pma_stack_alloc(pma_stack_t *stack, size_t bytes, void **address);

/* The address of local word `index` of the top frame; NULL if it has none. Valid until the frame is
 * popped or preserved from: what is preserved lies where its locals were. */
uint64_t *pma_stack_local(pma_stack_t *stack, unsigned index);

/* The light stack of the top frame: words. Popping an empty one is PMA_ESTACK, and so is either
 * after a preserve. */
int pma_stack_light_push(pma_stack_t *stack, uint64_t word);
int pma_stack_light_pop(pma_stack_t *stack, uint64_t *word);

/* Gives the pages back that no frame needs now: what batch_release left. */
int pma_stack_release(pma_stack_t *stack);

/* A frame as it lies in memory; addresses of words. */
struct pma_stack_frame {
    unsigned depth; /* 0 = the first one */
    bool west;
    uint64_t fp, sp, ap;                   /* FP, SP and AP while it is, or was, the top frame */
    uint64_t saved_fp, saved_sp, saved_ap; /* what its slots hold: its caller's */
    uint32_t locals;
    bool preserved; /* a preserve has begun: the saved three lie beside AP, and SP behind them */
};

/* Frame `depth`; -ENOENT if there are not so many. */
int pma_stack_frame(pma_stack_t *stack, unsigned depth, struct pma_stack_frame *frame);

struct pma_stack_stat {
    void *low, *high; /* the range: [low, high) */
    unsigned frames;
    uint64_t pages; /* allocated now */
    uint64_t peak_pages;
    uint64_t west_bytes, east_bytes; /* in use on each side */
};
int pma_stack_stat(pma_stack_t *stack, struct pma_stack_stat *stat);

/* Checks polarity, nesting, disjointness and that exactly the pages in use are allocated: 0, or
 * PMA_ECORRUPT with what is wrong in pma_last_error of the arena. */
int pma_stack_check(pma_stack_t *stack);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
