/* SPDX-License-Identifier: MIT */
/*
 * The heap of an open arena: where its record lies, how a call gets at it, and what is noted
 * besides. docs/heap.md says what the record means; its bytes are in format.h.
 *
 * What is noted in struct heap can always be found again from the record. Whoever works on the heap
 * holds its lock, which comes before the arena's.
 *
 * A call first finds out what it will do and which places of the record that changes. Then it makes
 * these writable, all at once, together with what it asks of the arena; only what cannot fail comes
 * after that. Should another thread evict them meanwhile, the fault handler answers, since the
 * record is read and written with the arena's lock open.
 */
#ifndef HEAP_STATE_H
#define HEAP_STATE_H

#include "arena.h"
#include "call.h"

/* Notes of the pages of header and groups, of the pages of descriptors and of all others: a table
 * each, without chains, so that no two parts of the record compete for a place. */
enum { HEAP_HEAD, HEAP_TABLE, HEAP_DATA, HEAP_BANKS, HEAP_NOTES = 4096 };

/* A page that a call could read or store to without a fault. */
struct heap_note {
    uint64_t page;
    uint64_t mark; /* twice the seal number then, and 1 more if it could be stored to */
};

/* The kernel wipes it in a forked child: the first call there asks the arena, which refuses. */
struct heap {
    struct lock lock;

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

    struct pma_error kept; /* what a quiet call found in the arena */
    struct heap_note notes[HEAP_BANKS][HEAP_NOTES];
};

/* Pages of the arena that a call will store to. One may be in it twice. Only the count has to be
 * set at first. */
enum { HEAP_PLACES = 16 };
struct heap_places {
    unsigned count;
    uint64_t pages[HEAP_PLACES];
};

struct heap_object {
    void *address;
    uint64_t bytes; /* that it may use */
    uint64_t page;
    unsigned chunk; /* of a partitioned page */
    bool whole_pages;
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
};

/* Ends a call and returns its result, with a text if it is a failure. */
int heap_finish(struct heap_call *call, int result);
/* The first call of all, and the first that needs the record which the arena was opened with. */
int heap_begin_first(pma_t *arena, enum call_access access, const char *name,
                     struct heap_call *call);
int heap_attach(struct heap_call *call);

int heap_create_slowly(struct heap_call *call);

/* Takes the arena's lock, and gives it back with the result of what was done under it. */
int heap_enter(struct heap_call *call);
int heap_leave(struct heap_call *call, int result);

/* Says why an address is refused; returns the code. */
int heap_refuse(struct heap_call *call, int code, const void *address);

/* The record contradicts itself. Returns PMA_ECORRUPT. */
int heap_damaged(struct heap_call *call, const char *what, uint64_t page);

int heap_see_slowly(struct heap_call *call, uint64_t page);
int heap_own_slowly(struct heap_call *call, const struct heap_places *places);

static inline struct heap_note *heap_note_of(struct heap *heap, uint64_t page)
{
    const uint64_t offset = page - heap->first;
    const unsigned bank = offset < heap->head_pages     ? HEAP_HEAD
                          : offset < heap->record_pages ? HEAP_TABLE
                                                        : HEAP_DATA;

    return &heap->notes[bank][page % HEAP_NOTES];
}

static inline uint64_t heap_mark(const struct pma *arena)
{
    return atomic_load_explicit(&arena->seals, memory_order_relaxed) * 2;
}

static inline bool heap_owns(const struct heap_call *call, uint64_t page)
{
    const struct heap_note *note = heap_note_of(call->heap, page);

    return note->page == page && note->mark == heap_mark(call->arena) + 1;
}

/* Makes a page of the arena readable. What was seen before may not be so any more afterwards. */
static inline int heap_see(struct heap_call *call, uint64_t page)
{
    const struct heap_note *note = heap_note_of(call->heap, page);

    if (note->page == page && (note->mark | 1) == heap_mark(call->arena) + 1)
        return 0;
    return heap_see_slowly(call, page);
}

/*
 * Begins a call: on success the heap's lock is held and heap_finish ends it. The record may be
 * missing; heap_create makes it.
 */
static inline int heap_begin(pma_t *arena, enum call_access access, const char *name,
                             struct heap_call *call)
{
    struct heap *heap = arena ? atomic_load_explicit(&arena->heap, memory_order_acquire) : NULL;

    if (!heap)
        return heap_begin_first(arena, access, name, call);
    lock_take(&heap->lock);
    *call = (struct heap_call){.arena = arena, .heap = heap, .name = name, .access = access};
    return heap->header || !arena->heap_record ? 0 : heap_attach(call);
}

static inline int heap_create(struct heap_call *call)
{
    return call->heap->header ? 0 : heap_create_slowly(call);
}

static inline void heap_add(struct heap_places *places, uint64_t page)
{
    places->pages[places->count++] = page;
}

/* Makes places writable, all of them at once; the arena's lock may be held or not. */
static inline int heap_own(struct heap_call *call, const struct heap_places *places)
{
    bool all = true;

    for (unsigned i = 0; i < places->count; i++)
        all = all && heap_owns(call, places->pages[i]);
    return all ? 0 : heap_own_slowly(call, places);
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

/* What stands for a page in the maps of its group. */
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
