/* SPDX-License-Identifier: MIT */
/*
 * Pages of the heap: where they come from, what they become, and when they go back to the arena.
 *
 * Pages that fall free stay the heap's until the next snapshot, since they can be stored to
 * already: as long as no snapshot has taken them, using them again costs no copy. The snapshot
 * would write them, so before it all but a few go back. In between they are never more than the
 * pages in use or a few MiB.
 */
#ifndef HEAP_PAGES_H
#define HEAP_PAGES_H

#include "heap_state.h"

/* Runs that are at least as long begin where the kernel can move whole tables of their pages. */
enum { HEAP_TABLE = 512 };

/* What a run of pages must be besides free: first page = `offset` modulo `alignment`, in pages. */
struct heap_fit {
    uint64_t pages;
    uint64_t alignment, offset;
    bool zeros; /* never stored to */
};

/* Makes a free page one of chunks of 2^shift bytes. */
int heap_pages_partition(struct heap_call *call, unsigned shift,
                         struct format_heap_page **descriptor);

/* Makes a run of free pages a large object. */
int heap_pages_start(struct heap_call *call, const struct heap_fit *fit, uint64_t *page);

/* What a run must be so that pages can be moved there without touching each of them. */
struct heap_fit heap_pages_fit_of(const struct heap_call *call, uint64_t from, uint64_t pages);

/* Finds room in the arena for such a run; the arena has been entered. */
int heap_pages_room(struct heap_call *call, const struct heap_fit *fit, uint64_t *page);

/* The pages of the record that say what the run is, its header among them, are made writable. */
int heap_pages_own(struct heap_call *call, uint64_t page, uint64_t pages);

/* Records a large object of pages that are allocated and not the heap's yet. */
void heap_pages_adopt(struct heap_call *call, uint64_t page, uint64_t pages);

/* Takes a large object's last `pages` pages, or all of it, away. */
int heap_pages_release(struct heap_call *call, uint64_t page, uint64_t pages);

/* Makes a page of chunks, none of which is in use, a free one. Its record is owned. */
void heap_pages_clear(struct heap_call *call, struct format_heap_page *descriptor);

/* Lets a large object go on: the `more` pages behind it become its own. -ENOENT if they are not
 * free. */
int heap_pages_extend(struct heap_call *call, uint64_t page, uint64_t more);

/* Moves a large object by re-mapping and makes it `pages` long, which is more than it is. */
int heap_pages_move(struct heap_call *call, uint64_t *page, uint64_t pages);

/* Gives all free pages back, for a call that found no room. False if there was none to give. */
bool heap_pages_drain(struct heap_call *call);

/* Gives free pages back if there are too many for a while, or for a snapshot. What fails stays. */
void heap_pages_limit(struct heap_call *call);
void heap_pages_tidy(struct heap_call *call);

#endif
