/* SPDX-License-Identifier: MIT */
#include "heap_pages.h"

#include <errno.h>

#include "operations.h"

enum {
    LONGEST_KEPT = 16,  /* pages of an object that stay the heap's when it is freed */
    KEPT = 16,          /* free pages that a snapshot may find */
    LEAST_LIMIT = 1024, /* free pages that may always be there otherwise; less in a small arena */
    SMALL_SHARE = 64    /* of a small arena */
};

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* How many pages to ask the arena for at a time, when one is needed. */
static uint64_t batch(const struct pma *arena)
{
    return smaller(LONGEST_KEPT, larger(arena->pages / SMALL_SHARE, 1));
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

/* Groups up to this page's are used from now on. */
static void raise_end(struct heap *heap, uint64_t page)
{
    heap->end = larger(heap->end, page / FORMAT_HEAP_GROUP + 1);
    heap->header->end = heap->end;
}

static void mark_free(struct heap *heap, uint64_t page, uint64_t pages)
{
    const uint64_t last = (page + pages - 1) / FORMAT_HEAP_GROUP;
    uint64_t part;

    heap->header->free_pages += pages;
    /* The end of an object may lie in a group where nothing began. */
    raise_end(heap, page + pages - 1);
    heap->free_from = smaller(heap->free_from, page / FORMAT_HEAP_GROUP);
    heap->free_end = larger(heap->free_end, last + 1);
    for (; pages > 0; page += part, pages -= part) {
        struct format_heap_group *group = &heap->groups[page / FORMAT_HEAP_GROUP];

        part = in_group(page, pages);
        group->free |= map_of(page, part);
        group->gone &= ~map_of(page, part);
    }
}

static void unmark_free(struct heap *heap, uint64_t page, uint64_t pages)
{
    uint64_t part;

    heap->header->free_pages -= pages;
    for (; pages > 0; page += part, pages -= part) {
        part = in_group(page, pages);
        heap->groups[page / FORMAT_HEAP_GROUP].free &= ~map_of(page, part);
    }
}

int heap_pages_own(struct heap_call *call, uint64_t page, uint64_t pages)
{
    const struct heap *heap = call->heap;
    const uint64_t last = page + smaller(pages, LONGEST_KEPT) - 1;
    const uint64_t places[] = {heap->first, heap_group_place(heap, page / FORMAT_HEAP_GROUP),
                               heap_group_place(heap, last / FORMAT_HEAP_GROUP),
                               heap_page_place(heap, page)};

    return heap_own(call, places, sizeof(places) / sizeof(*places));
}

static bool fits(const struct heap_call *call, const struct heap_fit *fit, uint64_t page)
{
    const uint64_t absolute = (uintptr_t)call->arena->base / PMA_PAGE_SIZE + page;

    return absolute % fit->alignment == fit->offset;
}

/* The first page from `page` on that fits. */
static uint64_t next_fit(const struct heap_call *call, const struct heap_fit *fit, uint64_t page)
{
    const uint64_t absolute = (uintptr_t)call->arena->base / PMA_PAGE_SIZE + page;

    return page + (fit->alignment + fit->offset - absolute % fit->alignment) % fit->alignment;
}

static int search_room(struct heap_call *call, const struct heap_fit *fit, uint64_t from,
                       uint64_t *page)
{
    int result;

    for (;; from = next_fit(call, fit, *page)) {
        result = find_gap(call->arena, from, fit->pages, 1, page);
        if (result || fits(call, fit, *page))
            return result;
    }
}

int heap_pages_room(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    struct heap *heap = call->heap;
    int result = search_room(call, fit, heap->gap_from, page);

    if (result == -ENOMEM && heap->gap_from > 0)
        result = search_room(call, fit, 0, page);
    if (result)
        return result == -ENOMEM
                   ? arena_fail(call->arena, result, "no gap of %lu pages in the address range",
                                fit->pages)
                   : result;
    heap->gap_from = *page + fit->pages;
    return 0;
}

/* Allocates such a run, with all owned that will say what it is. */
static int allocate(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    int result = heap_pages_room(call, fit, page);

    if (!result)
        result = heap_pages_own(call, *page, fit->pages);
    return result ? result : allocate_pages_at(call->arena, *page, fit->pages, false);
}

/* Gets free pages from the arena: such a run, and more if there is room for more. */
static int grow(struct heap_call *call, const struct heap_fit *fit)
{
    struct heap_fit more = *fit;
    uint64_t page = 0;
    int result = heap_enter(call);

    if (result)
        return result;
    more.pages = larger(fit->pages, batch(call->arena));
    result = allocate(call, &more, &page);
    if (result == -ENOMEM && more.pages > fit->pages) {
        more.pages = fit->pages;
        result = allocate(call, &more, &page);
    }
    result = heap_leave(call, result);
    if (result)
        return result;
    /* What was noted of other pages at the same place is not true of these. */
    for (uint64_t i = page; i < page + more.pages; i++)
        *heap_note_of(call, i) = (struct heap_note){0};
    mark_free(call->heap, page, more.pages);
    return 0;
}

/* The ones that follow each other from bit 0 on. */
static unsigned count_ones(uint64_t map)
{
    return map == UINT64_MAX ? FORMAT_HEAP_GROUP : (unsigned)__builtin_ctzll(~map);
}

/* Finds a run in a group's map, or one that ends there: *length pages before it are free. */
static bool find_in_map(const struct heap_call *call, const struct heap_fit *fit, uint64_t map,
                        uint64_t first, uint64_t *length, uint64_t *page)
{
    unsigned bit = 0, ones;

    while (bit < FORMAT_HEAP_GROUP) {
        ones = count_ones(map >> bit);
        if (ones > FORMAT_HEAP_GROUP - bit)
            ones = FORMAT_HEAP_GROUP - bit;
        *page = next_fit(call, fit, first + bit - *length);
        *length += ones;
        bit += ones;
        if (*page + fit->pages <= first + bit)
            return true;
        if (bit == FORMAT_HEAP_GROUP)
            return false;
        *length = 0;
        if (map >> bit == 0)
            return false;
        bit += (unsigned)__builtin_ctzll(map >> bit);
    }
    return false;
}

/* -ENOENT if no such run of the heap's pages is free. */
static int find_free(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    struct heap *heap = call->heap;
    uint64_t group, length = 0;
    bool first = true;
    int result;

    for (group = heap->free_from; group < heap->free_end; group++) {
        result = heap_see(call, heap_group_place(heap, group));
        if (result)
            return result;
        if (heap->groups[group].free && first) {
            heap->free_from = group;
            first = false;
        }
        if (find_in_map(call, fit, heap->groups[group].free, group * FORMAT_HEAP_GROUP, &length,
                        page))
            return 0;
    }
    if (first)
        heap->free_from = heap->free_end;
    return -ENOENT;
}

/* The same, with more pages from the arena if need be, and with all owned that says what they are.
 */
static int take_free(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    int result = find_free(call, fit, page);

    if (result == -ENOENT) {
        result = grow(call, fit);
        if (!result)
            result = find_free(call, fit, page);
    }
    return result ? result : heap_pages_own(call, *page, fit->pages);
}

int heap_pages_partition(struct heap_call *call, unsigned shift,
                         struct format_heap_page **descriptor)
{
    const struct heap_fit fit = {.pages = 1, .alignment = 1};
    struct heap *heap = call->heap;
    struct format_heap_group *group;
    uint64_t page;
    int result = take_free(call, &fit, &page);

    if (result)
        return result;
    unmark_free(heap, page, 1);
    heap->header->used_pages++;
    group = &heap->groups[page / FORMAT_HEAP_GROUP];
    group->used |= heap_bit(page);
    group->partial[shift - FORMAT_HEAP_LEAST_SHIFT] |= heap_bit(page);
    *descriptor = &heap->table[page];
    **descriptor =
        (struct format_heap_page){.kind = FORMAT_HEAP_PARTITIONED, .shift = (uint8_t)shift};
    return 0;
}

void heap_pages_clear(struct heap_call *call, struct format_heap_page *descriptor)
{
    struct heap *heap = call->heap;
    const uint64_t page = heap_page_number(heap, descriptor);
    struct format_heap_group *group = &heap->groups[page / FORMAT_HEAP_GROUP];

    group->used &= ~heap_bit(page);
    group->partial[descriptor->shift - FORMAT_HEAP_LEAST_SHIFT] &= ~heap_bit(page);
    *descriptor = (struct format_heap_page){0};
    heap->header->used_pages--;
    mark_free(heap, page, 1);
}

void heap_pages_adopt(struct heap_call *call, uint64_t page, uint64_t pages)
{
    struct heap *heap = call->heap;
    struct format_heap_group *group = &heap->groups[page / FORMAT_HEAP_GROUP];

    group->used |= heap_bit(page);
    group->gone &= ~heap_bit(page);
    heap->table[page] = (struct format_heap_page){.kind = FORMAT_HEAP_START, .length = pages};
    heap->header->used_pages += pages;
    raise_end(heap, page);
}

static int start_from_arena(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    int result = heap_enter(call);

    return result ? result : heap_leave(call, allocate(call, fit, page));
}

static int start(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    int result;

    if (fit->pages > LONGEST_KEPT || fit->zeros)
        return start_from_arena(call, fit, page);
    result = take_free(call, fit, page);
    if (!result)
        unmark_free(call->heap, *page, fit->pages);
    return result;
}

int heap_pages_start(struct heap_call *call, const struct heap_fit *fit, uint64_t *page)
{
    int result = start(call, fit, page);

    if (result == -ENOMEM && heap_pages_drain(call))
        result = start(call, fit, page);
    if (!result)
        heap_pages_adopt(call, *page, fit->pages);
    return result;
}

struct heap_fit heap_pages_fit_of(const struct heap_call *call, uint64_t from, uint64_t pages)
{
    const uint64_t absolute = (uintptr_t)call->arena->base / PMA_PAGE_SIZE + from;
    const uint64_t alignment = pages >= HEAP_TABLE ? HEAP_TABLE : 1;

    return (struct heap_fit){pages, alignment, absolute % alignment, false};
}

/* Pages that belong to nobody. */
static int extend_in_arena(struct heap_call *call, uint64_t page, uint64_t next, uint64_t more)
{
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
    if (!result)
        result = heap_pages_own(call, page, 1);
    if (!result)
        result = allocate_pages_at(arena, next, more, false);
    return heap_leave(call, result);
}

/* Free pages of the heap. */
static int extend_in_heap(struct heap_call *call, uint64_t page, uint64_t next, uint64_t more)
{
    const struct heap *heap = call->heap;
    uint64_t part, at = next;
    int result = more <= LONGEST_KEPT ? heap_pages_own(call, page, 1) : -ENOENT;

    if (!result)
        result = heap_pages_own(call, next, more);
    for (uint64_t left = more; left > 0 && !result; at += part, left -= part) {
        part = in_group(at, left);
        if (at / FORMAT_HEAP_GROUP >= heap->end ||
            map_of(at, part) & ~heap->groups[at / FORMAT_HEAP_GROUP].free)
            result = -ENOENT;
    }
    if (!result)
        unmark_free(call->heap, next, more);
    return result;
}

int heap_pages_extend(struct heap_call *call, uint64_t page, uint64_t more)
{
    struct heap *heap = call->heap;
    const uint64_t next = page + heap->table[page].length;
    int result = extend_in_arena(call, page, next, more);

    if (result == -ENOENT && next < call->arena->pages)
        result = extend_in_heap(call, page, next, more);
    if (result)
        return result;
    heap->table[page].length += more;
    heap->header->used_pages += more;
    return 0;
}

static int move(struct heap_call *call, uint64_t from, uint64_t old, uint64_t pages, uint64_t *to)
{
    struct heap_fit fit = heap_pages_fit_of(call, from, old);
    struct pma *arena = call->arena;
    int result = heap_enter(call);

    if (result)
        return result;
    fit.pages = pages;
    result = heap_pages_room(call, &fit, to);
    if (!result)
        result = heap_pages_own(call, from, 1);
    if (!result)
        result = heap_pages_own(call, *to, 1);
    if (!result)
        result = allocate_pages_at(arena, *to + old, pages - old, false);
    if (result)
        return heap_leave(call, result);
    result = move_pages(arena, *to, from, old, 0);
    if (result && directory_remove(&arena->persistent, *to + old, pages - old))
        arena_poison(arena, result);
    return heap_leave(call, result);
}

static void forget_start(struct heap *heap, uint64_t page)
{
    struct format_heap_group *group = &heap->groups[page / FORMAT_HEAP_GROUP];

    heap->table[page] = (struct format_heap_page){0};
    group->used &= ~heap_bit(page);
    group->gone |= heap_bit(page);
}

int heap_pages_move(struct heap_call *call, uint64_t *page, uint64_t pages)
{
    struct heap *heap = call->heap;
    const uint64_t from = *page, old = heap->table[from].length;
    int result = move(call, from, old, pages, page);

    if (result == -ENOMEM && heap_pages_drain(call))
        result = move(call, from, old, pages, page);
    if (result)
        return result;
    forget_start(heap, from);
    heap->header->used_pages -= old;
    heap->gap_from = smaller(heap->gap_from, from);
    heap_pages_adopt(call, *page, pages);
    return 0;
}

static int free_in_arena(struct heap_call *call, uint64_t page, uint64_t pages)
{
    int result = heap_enter(call);

    return result ? result : heap_leave(call, free_pages(call->arena, page, pages));
}

int heap_pages_release(struct heap_call *call, uint64_t page, uint64_t keep)
{
    struct heap *heap = call->heap;
    struct format_heap_page *descriptor = &heap->table[page];
    const uint64_t pages = descriptor->length - keep, first = page + keep;
    const bool kept = pages <= LONGEST_KEPT;
    const uint64_t last = kept ? first + pages - 1 : page;
    const uint64_t places[] = {heap->first, heap_group_place(heap, page / FORMAT_HEAP_GROUP),
                               heap_group_place(heap, first / FORMAT_HEAP_GROUP),
                               heap_group_place(heap, last / FORMAT_HEAP_GROUP),
                               heap_page_place(heap, page)};
    int result = heap_own(call, places, sizeof(places) / sizeof(*places));

    if (!result && !kept)
        result = free_in_arena(call, first, pages);
    if (result)
        return result;
    descriptor->length = keep;
    heap->header->used_pages -= pages;
    if (keep == 0)
        forget_start(heap, page);
    if (kept)
        mark_free(heap, first, pages);
    else
        heap->gap_from = smaller(heap->gap_from, first);
    return 0;
}

/* The highest run of ones, and of it no more than `most` from the top. */
static uint64_t top_run(uint64_t map, uint64_t most, unsigned *first)
{
    const unsigned end = FORMAT_HEAP_GROUP - (unsigned)__builtin_clzll(map);
    const uint64_t below = end == FORMAT_HEAP_GROUP ? ~map : ~map & ((UINT64_C(1) << end) - 1);
    const unsigned start = below ? FORMAT_HEAP_GROUP - (unsigned)__builtin_clzll(below) : 0;

    *first = end - start > most ? end - (unsigned)most : start;
    return end - *first;
}

static int give_back_group(struct heap_call *call, uint64_t index, uint64_t *excess)
{
    struct heap *heap = call->heap;
    struct format_heap_group *group = &heap->groups[index];
    const uint64_t places[] = {heap->first, heap_group_place(heap, index)};
    uint64_t page, count;
    unsigned bit;
    int result = heap_see(call, places[1]);

    while (!result && *excess > 0 && group->free) {
        result = heap_own(call, places, sizeof(places) / sizeof(*places));
        if (result)
            break;
        count = top_run(group->free, *excess, &bit);
        page = index * FORMAT_HEAP_GROUP + bit;
        result = free_in_arena(call, page, count);
        if (result)
            break;
        unmark_free(heap, page, count);
        group->gone |= map_of(page, count);
        heap->gap_from = smaller(heap->gap_from, page);
        *excess -= count;
    }
    return result;
}

/* Gives the highest free pages back until `keep` are left. Nobody has asked for it, so what fails
 * is left for another time. */
static void give_back(struct heap_call *call, uint64_t keep)
{
    struct heap *heap = call->heap;
    uint64_t excess = 0;
    int result;

    call->quiet = true;
    result = heap_see(call, heap->first);
    if (!result && heap->header->free_pages > keep)
        excess = heap->header->free_pages - keep;
    while (!result && excess > 0 && heap->free_end > heap->free_from) {
        result = give_back_group(call, heap->free_end - 1, &excess);
        heap->free_end -= !result && excess > 0;
    }
    call->quiet = false;
}

bool heap_pages_drain(struct heap_call *call)
{
    const uint64_t *free = &call->heap->header->free_pages;
    uint64_t before;

    if (heap_see(call, call->heap->first))
        return false;
    before = *free;
    give_back(call, 0);
    return *free < before;
}

void heap_pages_limit(struct heap_call *call)
{
    const struct format_heap *header = call->heap->header;
    const uint64_t limit =
        larger(smaller(LEAST_LIMIT, call->arena->pages / LONGEST_KEPT), header->used_pages);

    if (header->free_pages > limit)
        give_back(call, limit - limit / 4);
}

void heap_pages_tidy(struct heap_call *call)
{
    if (call->heap->header)
        give_back(call, KEPT);
}
