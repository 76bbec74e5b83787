/* SPDX-License-Identifier: MIT */
#include "reserve.h"

#include <errno.h>
#include <stdlib.h>

#include "pages.h"

const struct reservation *reserve_find(const struct pma *arena, uint64_t page, uint64_t pages)
{
    const struct reservation *lowest = NULL;

    for (const struct reservation *at = arena->reservations; at; at = at->next) {
        if (at->page < page + pages && at->page + at->pages > page &&
            (!lowest || at->page < lowest->page))
            lowest = at;
    }
    return lowest;
}

int reserve_check_free(struct pma *arena, uint64_t page, uint64_t pages)
{
    const struct reservation *found = reserve_find(arena, page, pages);

    return found ? arena_fail(arena, PMA_EOCCUPIED, "pages %lu to %lu are reserved for a stack",
                              found->page, found->page + found->pages - 1)
                 : 0;
}

uint64_t reserve_align(const struct pma *arena, uint64_t page, uint64_t alignment)
{
    const uint64_t first = (uintptr_t)arena->base / PMA_PAGE_SIZE;

    return (first + page + alignment - 1) / alignment * alignment - first;
}

/* Where the pages end that a range may have: before the lowest page that somebody else has in it.
 */
static int lowest_taken(struct pma *arena, uint64_t page, uint64_t pages, uint64_t *taken)
{
    const struct reservation *reserved = reserve_find(arena, page, pages);
    struct span span;
    int result = pages_next(arena, page, &span);

    if (result && result != -ENOENT)
        return result;
    *taken = reserved ? reserved->page : UINT64_MAX;
    if (!result && span.extent.page < page + pages && span.extent.page < *taken)
        *taken = span.extent.page;
    return 0;
}

static int find_highest(struct pma *arena, uint64_t pages, uint64_t alignment, uint64_t *page)
{
    uint64_t end = arena->pages, first;
    int result = 0;

    while (end >= pages && !result) {
        first = reserve_align(arena, end - pages, alignment);
        if (first > end - pages) {
            if (first < alignment)
                break;
            first -= alignment;
        }
        result = lowest_taken(arena, first, pages, &end);
        if (!result && end == UINT64_MAX) {
            *page = first;
            return 0;
        }
    }
    return result ? result : -ENOMEM;
}

int reserve_highest(struct pma *arena, uint64_t pages, uint64_t alignment, uint64_t *page)
{
    struct reservation *made = malloc(sizeof(*made));
    int result = made ? find_highest(arena, pages, alignment, page) : -ENOMEM;

    if (result) {
        free(made);
        return arena_fail(arena, result, "reservation of %lu pages", pages);
    }
    *made = (struct reservation){*page, pages, arena->reservations};
    arena->reservations = made;
    return 0;
}

void reserve_cancel(struct pma *arena, uint64_t page)
{
    struct reservation **at = &arena->reservations, *found;

    while (*at && (*at)->page != page)
        at = &(*at)->next;
    found = *at;
    if (!found)
        return;
    *at = found->next;
    free(found);
}
