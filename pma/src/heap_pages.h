/* SPDX-License-Identifier: MIT */
/* Pages of the heap: where they come from and what they become. */
#ifndef HEAP_PAGES_H
#define HEAP_PAGES_H

#include "heap_free.h"

/* Makes a free page one of chunks of 2^shift bytes. */
int heap_pages_partition(struct heap_call *call, unsigned shift,
                         struct format_heap_page **descriptor);

/* Makes a page of chunks, of which the last in use is given back, a free one. */
void heap_pages_clear(struct heap *heap, struct format_heap_page *descriptor);

/*
 * Gets a run for a large object, free pages of the heap or new ones of the arena, and owns `places`
 * and those of the run. Only heap_pages_start may follow, and must.
 */
int heap_pages_obtain(struct heap_call *call, const struct heap_fit *fit,
                      const struct heap_places *places, uint64_t *page);
void heap_pages_start(struct heap_call *call, uint64_t page, uint64_t pages);

/* Takes all but the first `keep` pages of a large object away, or all. `other` places are owned,
 * too. */
int heap_pages_release(struct heap_call *call, uint64_t page, uint64_t keep,
                       const struct heap_places *other);

/* Lets a large object go on: the `more` pages behind it become its own. -ENOENT if they are not
 * free. */
int heap_pages_extend(struct heap_call *call, uint64_t page, uint64_t more);

/* Moves a large object by re-mapping and makes it `pages` long, which is more than it is. */
int heap_pages_move(struct heap_call *call, uint64_t *page, uint64_t pages);

/* Moves pages that are not the heap's yet to a place for a large object, the same way. */
int heap_pages_take(struct heap_call *call, uint64_t from, uint64_t pages, uint64_t *page);

#endif
