/* SPDX-License-Identifier: MIT */
/*
 * The free pages of the heap: pages of the arena that hold nothing at the moment.
 *
 * Pages that fall free stay the heap's until the next snapshot, since they can be stored to
 * already: as long as no snapshot has taken them, using them again costs no copy. The snapshot
 * would write them, so before it all but a few go back. In between they are never more than the
 * pages in use, or 64 MiB.
 */
#ifndef HEAP_FREE_H
#define HEAP_FREE_H

#include "heap_state.h"

/* What a run of pages must be besides free. */
struct heap_fit {
    uint64_t pages;
    uint64_t alignment, offset; /* its first page, by address, is `offset` modulo `alignment` */
    bool zeros;                 /* nobody has stored to it */
    bool writable;              /* the first page will be stored to at once */
};

/* The first page from `page` on where such a run may begin. */
uint64_t heap_fit_next(const struct heap_call *call, const struct heap_fit *fit, uint64_t page);

/* -ENOENT if there is no such run. */
int heap_free_find(struct heap_call *call, const struct heap_fit *fit, uint64_t *page);

/* Whether all pages of a run are free; its groups are owned. */
bool heap_free_holds(const struct heap *heap, uint64_t page, uint64_t pages);

/* The places that change when a short run falls free or is taken, and doing it. */
void heap_free_places(const struct heap *heap, uint64_t page, uint64_t pages,
                      struct heap_places *places);
void heap_free_add(struct heap *heap, uint64_t page, uint64_t pages);
void heap_free_remove(struct heap *heap, uint64_t page, uint64_t pages);

/* The groups up to this page's have been used. */
void heap_raise_end(struct heap *heap, uint64_t page);

/* Gives free pages back to the arena: if there are too many for a while, or for a snapshot, or all
 * of them because there was no room for something. False if that gave none. What fails stays. */
void heap_free_limit(struct heap_call *call);
void heap_free_tidy(struct heap_call *call);
bool heap_free_drain(struct heap_call *call);

#endif
