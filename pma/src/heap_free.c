/* SPDX-License-Identifier: MIT */
#include "heap_free.h"

#include <errno.h>

#include "operations.h"

enum {
    KEPT = 16,           /* pages that a snapshot may find */
    LEAST_LIMIT = 16384, /* that may always be there otherwise, */
    LIMIT_SHARE = 16     /* but no more than this part of the arena's range */
};

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t map_of(uint64_t page, uint64_t pages)
{
    const uint64_t ones = pages < FORMAT_HEAP_GROUP ? (UINT64_C(1) << pages) - 1 : UINT64_MAX;

    return ones << page % FORMAT_HEAP_GROUP;
}

/* The part of a run that lies in the group of its first page. */
static uint64_t in_group(uint64_t page, uint64_t pages)
{
    return smaller(pages, FORMAT_HEAP_GROUP - page % FORMAT_HEAP_GROUP);
}

void heap_raise_end(struct heap *heap, uint64_t page)
{
    heap->end = larger(heap->end, page / FORMAT_HEAP_GROUP + 1);
    heap->header->end = heap->end;
}

void heap_free_places(const struct heap *heap, uint64_t page, uint64_t pages,
                      struct heap_places *places)
{
    heap_add(places, heap->first);
    heap_add(places, heap_group_place(heap, page / FORMAT_HEAP_GROUP));
    heap_add(places, heap_group_place(heap, (page + pages - 1) / FORMAT_HEAP_GROUP));
}

void heap_free_add(struct heap *heap, uint64_t page, uint64_t pages)
{
    uint64_t part;

    heap_raise_end(heap, page + pages - 1);
    heap->header->free_pages += pages;
    heap->free_from = smaller(heap->free_from, page / FORMAT_HEAP_GROUP);
    heap->free_end = larger(heap->free_end, (page + pages - 1) / FORMAT_HEAP_GROUP + 1);
    for (; pages > 0; page += part, pages -= part) {
        struct format_heap_group *group = &heap->groups[page / FORMAT_HEAP_GROUP];

        part = in_group(page, pages);
        group->free |= map_of(page, part);
        group->gone &= ~map_of(page, part);
    }
}

void heap_free_remove(struct heap *heap, uint64_t page, uint64_t pages)
{
    uint64_t part;

    heap->header->free_pages -= pages;
    for (; pages > 0; page += part, pages -= part) {
        part = in_group(page, pages);
        heap->groups[page / FORMAT_HEAP_GROUP].free &= ~map_of(page, part);
    }
}

bool heap_free_holds(const struct heap *heap, uint64_t page, uint64_t pages)
{
    bool all = true;
    uint64_t part;

    for (; pages > 0 && all; page += part, pages -= part) {
        part = in_group(page, pages);
        all = !(map_of(page, part) & ~heap->groups[page / FORMAT_HEAP_GROUP].free);
    }
    return all;
}

uint64_t heap_fit_next(const struct heap_call *call, const struct heap_fit *fit, uint64_t page)
{
    const uint64_t absolute = (uintptr_t)call->arena->base / PMA_PAGE_SIZE + page;

    return page + (fit->alignment + fit->offset - absolute % fit->alignment) % fit->alignment;
}

static unsigned count_zeros(uint64_t map)
{
    return map ? (unsigned)__builtin_ctzll(map) : FORMAT_HEAP_GROUP;
}

/* Finds a run in a group's map; *before free pages lie directly below the group, and are updated
 * for the next one. */
static bool find_in_map(const struct heap_call *call, const struct heap_fit *fit, uint64_t map,
                        uint64_t first, uint64_t *before, uint64_t *page)
{
    unsigned bit = 0, ones;

    while (bit < FORMAT_HEAP_GROUP) {
        ones = (unsigned)smaller(count_zeros(~(map >> bit)), FORMAT_HEAP_GROUP - bit);
        *page = heap_fit_next(call, fit, first + bit - *before);
        bit += ones;
        if (*page + fit->pages <= first + bit)
            return true;
        if (bit == FORMAT_HEAP_GROUP) {
            *before += ones;
            return false;
        }
        *before = 0;
        bit += (unsigned)smaller(count_zeros(map >> bit), FORMAT_HEAP_GROUP - bit);
    }
    return false;
}

int heap_free_find(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    struct heap *heap = call->heap;
    uint64_t lowest = UINT64_MAX, before = 0;
    int result;

    for (uint64_t group = heap->free_from; group < heap->free_end; group++) {
        result = heap_see(call, heap_group_place(heap, group));
        if (result)
            return result;
        if (heap->groups[group].free)
            lowest = smaller(lowest, group);
        if (find_in_map(call, fit, heap->groups[group].free, group * FORMAT_HEAP_GROUP, &before,
                        page)) {
            heap->free_from = lowest;
            return 0;
        }
    }
    heap->free_from = smaller(lowest, heap->free_end);
    return -ENOENT;
}

/* The highest run of ones, no more than `most` from its top. */
static unsigned top_run(uint64_t map, uint64_t most, unsigned *first)
{
    const unsigned end = FORMAT_HEAP_GROUP - (unsigned)__builtin_clzll(map);
    unsigned start = end;

    while (start > 0 && end - start < most && (map >> (start - 1) & 1))
        start--;
    *first = start;
    return end - start;
}

static int give_back_run(struct heap_call *call, uint64_t page, uint64_t pages)
{
    struct heap *heap = call->heap;
    struct heap_places places = {0};
    int result = heap_enter(call);

    if (result)
        return result;
    heap_free_places(heap, page, pages, &places);
    result = heap_own(call, &places);
    if (!result)
        result = free_pages(call->arena, page, pages);
    result = heap_leave(call, result);
    if (result)
        return result;
    heap_free_remove(heap, page, pages);
    heap->groups[page / FORMAT_HEAP_GROUP].gone |= map_of(page, pages);
    heap->gap_from = smaller(heap->gap_from, page);
    return 0;
}

static int give_back_group(struct heap_call *call, uint64_t group, uint64_t *excess)
{
    const struct heap *heap = call->heap;
    const uint64_t place = heap_group_place(heap, group);
    unsigned bit, pages;
    int result = heap_see(call, place);

    while (!result && *excess > 0 && heap->groups[group].free) {
        pages = top_run(heap->groups[group].free, *excess, &bit);
        result = give_back_run(call, group * FORMAT_HEAP_GROUP + bit, pages);
        *excess -= result ? 0 : pages;
        if (!result)
            result = heap_see(call, place);
    }
    return result;
}

/* Gives the highest free pages back until `keep` are left. Nobody has asked for it, so what fails
 * is left for another time. */
static bool give_back(struct heap_call *call, uint64_t keep)
{
    struct heap *heap = call->heap;
    uint64_t excess = 0, before;
    int result;

    call->quiet = true;
    result = heap_see(call, heap->first);
    if (!result && heap->header->free_pages > keep)
        excess = heap->header->free_pages - keep;
    before = excess;
    while (!result && excess > 0 && heap->free_end > heap->free_from) {
        result = give_back_group(call, heap->free_end - 1, &excess);
        heap->free_end -= !result && excess > 0;
    }
    call->quiet = false;
    return excess < before;
}

void heap_free_limit(struct heap_call *call)
{
    const struct heap *heap = call->heap;
    uint64_t limit;

    if (heap_see(call, heap->first))
        return;
    limit =
        larger(smaller(LEAST_LIMIT, call->arena->pages / LIMIT_SHARE), heap->header->used_pages);
    if (heap->header->free_pages > limit)
        give_back(call, limit - limit / 4);
}

void heap_free_tidy(struct heap_call *call)
{
    if (call->heap->header)
        give_back(call, KEPT);
}

bool heap_free_drain(struct heap_call *call)
{
    return give_back(call, 0);
}
