/* SPDX-License-Identifier: MIT */
#include "heap_pages.h"

#include <errno.h>

#include "operations.h"
#include "pages.h"
#include "reserve.h"

enum {
    LONGEST_KEPT = 16, /* pages of a run that stays the heap's when it falls free */
    SMALL_SHARE = 64   /* of a small arena is the most to take at a time */
};

/* How many pages to ask the arena for when some are needed. */
static uint64_t batch(const struct heap_call *call, uint64_t needed)
{
    const uint64_t share = call->arena->pages / SMALL_SHARE;
    const uint64_t wanted = share < LONGEST_KEPT ? share : LONGEST_KEPT;

    return wanted > needed ? wanted : needed;
}

/* The places that change when a large object begins or ends at a page. */
static void start_places(const struct heap *heap, uint64_t page, struct heap_places *places)
{
    heap_add(places, heap->first);
    heap_add(places, heap_group_place(heap, page / FORMAT_HEAP_GROUP));
    heap_add(places, heap_page_place(heap, page));
}

static int search_room(struct heap_call *call, const struct heap_fit *fit, uint64_t from,
                       uint64_t *page)
{
    uint64_t next;
    int result;

    for (;; from = next) {
        result = find_gap(call->arena, from, fit->pages, 1, page);
        if (result)
            return result;
        next = heap_fit_next(call, fit, *page);
        if (next == *page)
            return 0;
    }
}

/* Finds room in the arena. The search goes on where the last one ended, and starts anew at the end
 * of the address range. */
static int find_room(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    struct heap *heap = call->heap;
    int result = search_room(call, fit, heap->gap_from, page);

    if (result == -ENOMEM && heap->gap_from > 0)
        result = search_room(call, fit, 0, page);
    if (result == -ENOMEM)
        return arena_fail(call->arena, result, "no gap of %lu pages in the address range",
                          fit->pages);
    if (!result)
        heap->gap_from = *page + fit->pages;
    return result;
}

/* Takes pages out of the arena that were put there a moment ago and have not been recorded. */
static void take_back(struct heap_call *call, uint64_t page, uint64_t pages, int cause)
{
    if (directory_remove(&call->arena->persistent, page, pages))
        arena_poison(call->arena, cause);
}

/* Gets free pages from the arena: at least `needed` in a run that fits. */
static int grow_by(struct heap_call *call, const struct heap_fit *fit)
{
    struct heap_places places = {0};
    uint64_t page = 0;
    int result = heap_enter(call);

    if (result)
        return result;
    result = find_room(call, fit, &page);
    if (!result) {
        heap_free_places(call->heap, page, fit->pages, &places);
        result = heap_own(call, &places);
    }
    if (!result)
        result = allocate_pages_at(call->arena, page, fit->pages, false);
    result = heap_leave(call, result);
    if (result)
        return result;
    /* What was noted of other pages at the same place is not true of these. */
    for (uint64_t i = page; i < page + fit->pages; i++)
        *heap_note_of(call->heap, i) = (struct heap_note){0};
    heap_free_add(call->heap, page, fit->pages);
    return 0;
}

static int grow(struct heap_call *call, const struct heap_fit *fit)
{
    struct heap_fit more = *fit;
    int result;

    more.pages = batch(call, fit->pages);
    result = grow_by(call, &more);
    return result == -ENOMEM && more.pages > fit->pages ? grow_by(call, fit) : result;
}

/* A run of free pages, more of them from the arena if need be. */
static int find_free(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    int result = heap_free_find(call, fit, page);

    if (result != -ENOENT)
        return result;
    result = grow(call, fit);
    return result ? result : heap_free_find(call, fit, page);
}

int heap_pages_partition(struct heap_call *call, unsigned shift,
                         struct format_heap_page **descriptor)
{
    const struct heap_fit fit = {.pages = 1, .alignment = 1};
    struct heap_places places = {0};
    struct heap *heap = call->heap;
    struct format_heap_group *group;
    uint64_t page;
    int result = find_free(call, &fit, &page);

    if (result)
        return result;
    start_places(heap, page, &places);
    result = heap_own(call, &places);
    if (result)
        return result;
    heap_free_remove(heap, page, 1);
    heap->header->used_pages++;
    group = &heap->groups[page / FORMAT_HEAP_GROUP];
    group->used |= heap_bit(page);
    group->partial[shift - FORMAT_HEAP_LEAST_SHIFT] |= heap_bit(page);
    *descriptor = &heap->table[page];
    **descriptor =
        (struct format_heap_page){.kind = FORMAT_HEAP_PARTITIONED, .shift = (uint8_t)shift};
    return 0;
}

void heap_pages_clear(struct heap *heap, struct format_heap_page *descriptor)
{
    const uint64_t page = heap_page_number(heap, descriptor);
    struct format_heap_group *group = &heap->groups[page / FORMAT_HEAP_GROUP];

    group->used &= ~heap_bit(page);
    group->partial[descriptor->shift - FORMAT_HEAP_LEAST_SHIFT] &= ~heap_bit(page);
    *descriptor = (struct format_heap_page){0};
    heap->header->used_pages--;
    heap_free_add(heap, page, 1);
}

static int obtain_free(struct heap_call *call, const struct heap_fit *fit,
                       const struct heap_places *places, uint64_t *page)
{
    struct heap_places all = *places;
    int result = find_free(call, fit, page);

    if (result)
        return result;
    start_places(call->heap, *page, &all);
    heap_free_places(call->heap, *page, fit->pages, &all);
    if (fit->writable)
        heap_add(&all, *page);
    result = heap_own(call, &all);
    if (!result)
        heap_free_remove(call->heap, *page, fit->pages);
    return result;
}

static int obtain_new(struct heap_call *call, const struct heap_fit *fit,
                      const struct heap_places *places, uint64_t *page)
{
    struct heap_places all = *places;
    int result = heap_enter(call);

    if (result)
        return result;
    result = find_room(call, fit, page);
    if (!result)
        result = allocate_pages_at(call->arena, *page, fit->pages, false);
    if (result)
        return heap_leave(call, result);
    start_places(call->heap, *page, &all);
    *heap_note_of(call->heap, *page) = (struct heap_note){0};
    if (fit->writable)
        heap_add(&all, *page);
    result = heap_own(call, &all);
    if (result)
        take_back(call, *page, fit->pages, result);
    return heap_leave(call, result);
}

int heap_pages_obtain(struct heap_call *call, const struct heap_fit *fit,
                      const struct heap_places *places, uint64_t *page)
{
    const bool new = fit->pages > LONGEST_KEPT || fit->zeros;
    int result = new ? obtain_new(call, fit, places, page) : obtain_free(call, fit, places, page);

    if (result == -ENOMEM && heap_free_drain(call))
        result = new ? obtain_new(call, fit, places, page) : obtain_free(call, fit, places, page);
    return result;
}

void heap_pages_start(struct heap_call *call, uint64_t page, uint64_t pages)
{
    struct heap *heap = call->heap;
    struct format_heap_group *group = &heap->groups[page / FORMAT_HEAP_GROUP];

    group->used |= heap_bit(page);
    group->gone &= ~heap_bit(page);
    heap->table[page] = (struct format_heap_page){.kind = FORMAT_HEAP_START, .length = pages};
    heap->header->used_pages += pages;
    heap_raise_end(heap, page);
}

static void end_object(struct heap *heap, uint64_t page)
{
    struct format_heap_group *group = &heap->groups[page / FORMAT_HEAP_GROUP];

    heap->header->used_pages -= heap->table[page].length;
    heap->table[page] = (struct format_heap_page){0};
    group->used &= ~heap_bit(page);
    group->gone |= heap_bit(page);
}

int heap_pages_release(struct heap_call *call, uint64_t page, uint64_t keep,
                       const struct heap_places *other)
{
    struct heap *heap = call->heap;
    const uint64_t first = page + keep, pages = heap->table[page].length - keep;
    const bool kept = pages <= LONGEST_KEPT;
    struct heap_places places = *other;
    int result = heap_enter(call);

    if (result)
        return result;
    start_places(heap, page, &places);
    if (kept)
        heap_free_places(heap, first, pages, &places);
    result = heap_own(call, &places);
    if (!result && !kept)
        result = free_pages(call->arena, first, pages);
    result = heap_leave(call, result);
    if (result)
        return result;
    if (keep > 0) {
        heap->table[page].length = keep;
        heap->header->used_pages -= pages;
    } else {
        end_object(heap, page);
    }
    if (kept)
        heap_free_add(heap, first, pages);
    else if (heap->gap_from > first)
        heap->gap_from = first;
    return 0;
}

/* Pages that belong to nobody. */
static int extend_in_arena(struct heap_call *call, uint64_t page, uint64_t next, uint64_t more)
{
    struct heap_places places = {0};
    struct pma *arena = call->arena;
    uint64_t gap = UINT64_MAX;
    int result = heap_enter(call);

    if (result)
        return result;
    if (more <= arena->pages - next)
        result = find_gap(arena, next, more, 1, &gap);
    if (result == -ENOMEM || (!result && gap != next)) {
        heap_leave(call, 0);
        return -ENOENT;
    }
    start_places(call->heap, page, &places);
    if (!result)
        result = heap_own(call, &places);
    if (!result)
        result = allocate_pages_at(arena, next, more, false);
    return heap_leave(call, result);
}

/* Free pages of the heap. */
static int extend_in_heap(struct heap_call *call, uint64_t page, uint64_t next, uint64_t more)
{
    struct heap *heap = call->heap;
    struct heap_places places = {0};
    int result;

    if (more > LONGEST_KEPT || (next + more - 1) / FORMAT_HEAP_GROUP >= heap->end)
        return -ENOENT;
    start_places(heap, page, &places);
    heap_free_places(heap, next, more, &places);
    result = heap_own(call, &places);
    if (!result && !heap_free_holds(heap, next, more))
        result = -ENOENT;
    if (!result)
        heap_free_remove(heap, next, more);
    return result;
}

int heap_pages_extend(struct heap_call *call, uint64_t page, uint64_t more)
{
    struct heap *heap = call->heap;
    const uint64_t next = page + heap->table[page].length;
    int result = extend_in_heap(call, page, next, more);

    if (result == -ENOENT)
        result = extend_in_arena(call, page, next, more);
    if (result)
        return result;
    heap->table[page].length += more;
    heap->header->used_pages += more;
    return 0;
}

/* Room for a run to be moved to: congruent to where it is, if it is long. */
static int find_room_to_move(struct heap_call *call, uint64_t from, uint64_t length, uint64_t pages,
                             uint64_t *to)
{
    struct heap_fit fit = {.pages = pages,
                           .alignment = length < CONGRUENT_PAGES ? 1 : CONGRUENT_PAGES};

    fit.offset = ((uintptr_t)call->arena->base / PMA_PAGE_SIZE + from) % fit.alignment;
    return find_room(call, &fit, to);
}

static int move_longer(struct heap_call *call, uint64_t from, uint64_t pages, uint64_t *to)
{
    const uint64_t old = call->heap->table[from].length;
    struct heap_places places = {0};
    struct pma *arena = call->arena;
    int result = heap_enter(call);

    if (result)
        return result;
    result = find_room_to_move(call, from, old, pages, to);
    if (!result)
        result = allocate_pages_at(arena, *to + old, pages - old, false);
    if (result)
        return heap_leave(call, result);
    start_places(call->heap, from, &places);
    start_places(call->heap, *to, &places);
    result = heap_own(call, &places);
    if (!result)
        result = move_pages(arena, *to, from, old, 0);
    if (result)
        take_back(call, *to + old, pages - old, result);
    return heap_leave(call, result);
}

int heap_pages_move(struct heap_call *call, uint64_t *page, uint64_t pages)
{
    struct heap *heap = call->heap;
    const uint64_t from = *page;
    uint64_t to = 0;
    int result = move_longer(call, from, pages, &to);

    if (result == -ENOMEM && heap_free_drain(call))
        result = move_longer(call, from, pages, &to);
    if (result)
        return result;
    end_object(heap, from);
    heap_pages_start(call, to, pages);
    if (heap->gap_from > from)
        heap->gap_from = from;
    *page = to;
    return 0;
}

static int move_in(struct heap_call *call, uint64_t from, uint64_t pages, uint64_t *to)
{
    struct heap_places places = {0};
    int result = heap_enter(call);

    if (result)
        return result;
    result = pages_check_allocated(call->arena, from, pages);
    if (!result)
        result = find_room_to_move(call, from, pages, pages, to);
    if (!result) {
        start_places(call->heap, *to, &places);
        result = heap_own(call, &places);
    }
    if (!result)
        result = move_pages(call->arena, *to, from, pages, PMA_MOVE_PERSISTENT);
    return heap_leave(call, result);
}

int heap_pages_take(struct heap_call *call, uint64_t from, uint64_t pages, uint64_t *page)
{
    int result = move_in(call, from, pages, page);

    if (result == -ENOMEM && heap_free_drain(call))
        result = move_in(call, from, pages, page);
    if (!result)
        heap_pages_start(call, *page, pages);
    return result;
}
