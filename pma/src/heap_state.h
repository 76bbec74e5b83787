/* SPDX-License-Identifier: MIT */
/*
 * The heap of an open arena: where its record lies, how a call gets at it, and what is noted
 * besides. docs/heap.md says what the record means; its bytes are in format.h.
 *
 * What is noted in struct heap can always be found again from the record. Whoever works on the heap
 * holds its lock, which comes before the arena's. Stores to the record go to pages that the call
 * owns: it has asked for all of them, and got them, before it changes anything. Should another
 * thread evict them meanwhile, the fault handler answers, since the record is read and written with
 * the arena's lock open.
 */
#ifndef HEAP_STATE_H
#define HEAP_STATE_H

#include "arena.h"
#include "call.h"

enum { HEAP_NOTES = 4096 };

/* A page that a call could read or store to without a fault. */
struct heap_note {
    uint64_t page;
    uint64_t mark; /* twice the seal number then, and 1 more if it could be stored to */
};

struct heap {
    struct lock lock;
    bool ready; /* false in a forked child, for which the kernel wipes this memory */

    /* The record; NULL while there is none. */
    struct format_heap *header;
    struct format_heap_group *groups;
    struct format_heap_page *table;
    uint64_t first; /* page of the header */
    uint64_t head_pages;
    uint64_t record_pages;
    uint64_t end; /* header->end */

    /* For each class the page that chunks are taken from: it has a free one. NULL: none. */
    struct format_heap_page *current[FORMAT_HEAP_CLASSES];

    /* Where searches begin: there is nothing of the kind below, or above free_end. */
    uint64_t partial_from[FORMAT_HEAP_CLASSES];
    uint64_t free_from, free_end;
    uint64_t gap_from; /* page; only a hint */

    struct heap_note notes[HEAP_NOTES];
};

/* A public call at work. */
struct heap_call {
    struct pma *arena;
    struct heap *heap;
    const char *name;
    enum call_access access;
    bool entered; /* the arena's lock is held, too: no access to the record now */
    bool told;    /* the failure has a text */
    bool quiet;   /* failures get none: nobody has asked */
    struct pma_error kept;
};

/*
 * Begins a call: on success the heap's lock is held and heap_finish ends it. The record may be
 * missing; heap_create makes it.
 */
int heap_begin(pma_t *arena, enum call_access access, const char *name, struct heap_call *call);
int heap_finish(struct heap_call *call, int result);
int heap_create(struct heap_call *call);

/* Takes the arena's lock, and gives it back with the result of what was done under it. */
int heap_enter(struct heap_call *call);
int heap_leave(struct heap_call *call, int result);

/* Says why an address is refused; returns the code. */
int heap_refuse(struct heap_call *call, int code, const void *address);

/* The record contradicts itself. Returns PMA_ECORRUPT. */
int heap_damaged(struct heap_call *call, const char *what, uint64_t page);

int heap_see_slowly(struct heap_call *call, uint64_t page);
int heap_own_slowly(struct heap_call *call, const uint64_t *pages, unsigned count);

/* The notes are a table without chains: a page has one place in it. */
static inline struct heap_note *heap_note_of(const struct heap_call *call, uint64_t page)
{
    return &call->heap->notes[page % HEAP_NOTES];
}

static inline uint64_t heap_mark(const struct heap_call *call)
{
    return atomic_load_explicit(&call->arena->seals, memory_order_relaxed) * 2;
}

static inline bool heap_owns(const struct heap_call *call, uint64_t page)
{
    const struct heap_note *note = heap_note_of(call, page);

    return note->page == page && note->mark == heap_mark(call) + 1;
}

/* Makes a page of the arena readable. What was seen before may not be so any more afterwards. */
static inline int heap_see(struct heap_call *call, uint64_t page)
{
    const struct heap_note *note = heap_note_of(call, page);

    if (note->page == page && (note->mark | 1) == heap_mark(call) + 1)
        return 0;
    return heap_see_slowly(call, page);
}

/* Makes pages writable, all of them at once. */
static inline int heap_own(struct heap_call *call, const uint64_t *pages, unsigned count)
{
    bool all = true;

    for (unsigned i = 0; i < count; i++)
        all = all && heap_owns(call, pages[i]);
    return all ? 0 : heap_own_slowly(call, pages, count);
}

/* Which page of the arena holds a part of the record. */
static inline uint64_t heap_group_place(const struct heap *heap, uint64_t group)
{
    return heap->first +
           (sizeof(struct format_heap) + group * sizeof(struct format_heap_group)) / PMA_PAGE_SIZE;
}

static inline uint64_t heap_page_place(const struct heap *heap, uint64_t page)
{
    return heap->first + heap->head_pages + page / FORMAT_HEAP_GROUP;
}

static inline uint64_t heap_page_number(const struct heap *heap,
                                        const struct format_heap_page *descriptor)
{
    return (uint64_t)(descriptor - heap->table);
}

static inline bool heap_in_record(const struct heap *heap, uint64_t page)
{
    return heap->header && page >= heap->first && page - heap->first < heap->record_pages;
}

static inline unsigned heap_chunks(unsigned shift)
{
    return PMA_PAGE_SIZE >> shift;
}

/* The run of pages that starts or is free there. */
static inline uint64_t heap_bit(uint64_t page)
{
    return UINT64_C(1) << page % FORMAT_HEAP_GROUP;
}

/* Ends what pma_close ends; before a snapshot: no call is at work until heap_go_on, and few pages
 * are free. */
void heap_forget(pma_t *arena);
bool heap_pause(pma_t *arena);
void heap_go_on(pma_t *arena);

#endif
