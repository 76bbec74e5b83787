/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "budget.h"
#include "lazy.h"
#include "mappings.h"
#include "operations.h"
#include "reserve.h"
#include "space.h"
#include "spans.h"

int allocate_ephemeral_at(struct pma *arena, uint64_t page, uint64_t pages)
{
    /* What the kernel may fill in unseen would be in nobody's account. */
    const bool mapped = !arena->budget.pages;
    int result = pages_check_free(arena, page, pages);

    if (!result)
        result = pages_put(arena, true, page, pages, mapped ? EXTENT_PRIVATE | EXTENT_MAPPED : 0);
    if (result || !mapped)
        return result;
    result = mapping_private(arena, page, pages, true, FAULT_MAP);
    if (!result) {
        budget_keep(arena, page, pages);
        return 0;
    }
    arena_fail(arena, result, "map of pages %lu to %lu", page, page + pages - 1);
    if (directory_remove(&arena->ephemeral, page, pages))
        arena_poison(arena, result);
    return result;
}

int allocate_pages_at(struct pma *arena, uint64_t page, uint64_t pages, bool ephemeral)
{
    int result = reserve_check_free(arena, page, pages);

    if (result)
        return result;
    if (ephemeral)
        return allocate_ephemeral_at(arena, page, pages);
    result = pages_check_free(arena, page, pages);
    if (!result)
        result = space_ready(arena);
    return result ? result : pages_put(arena, false, page, pages, 0);
}

int find_gap(struct pma *arena, uint64_t from, uint64_t pages, uint64_t alignment, uint64_t *page)
{
    const struct reservation *reserved;
    uint64_t gap;
    int result;

    for (;;) {
        result =
            directory_gap(&arena->persistent, &arena->ephemeral, from, arena->pages, pages, &gap);
        if (result)
            return result;
        from = reserve_align(arena, gap, alignment);
        reserved = reserve_find(arena, from, pages);
        if (reserved)
            from = reserved->page + reserved->pages;
        else if (from == gap)
            break;
    }
    *page = gap;
    return 0;
}

int allocate_pages(struct pma *arena, uint64_t pages, bool ephemeral, uint64_t *page)
{
    int result =
        pages < CONGRUENT_PAGES ? -ENOMEM : find_gap(arena, 0, pages, CONGRUENT_PAGES, page);

    if (result == -ENOMEM)
        result = find_gap(arena, 0, pages, 1, page);
    if (result == -ENOMEM)
        return arena_fail(arena, result, "no gap of %lu pages in the address range", pages);
    return result ? result : allocate_pages_at(arena, *page, pages, ephemeral);
}

static int put_back(struct pma *arena, const struct spans *spans)
{
    int result = 0;

    for (size_t i = 0; i < spans->count && !result; i++)
        result =
            directory_put(pages_tree(arena, spans->items[i].ephemeral), &spans->items[i].extent);
    return result;
}

int free_pages(struct pma *arena, uint64_t page, uint64_t pages)
{
    struct spans spans;
    int result = spans_gather(arena, page, pages, &spans);

    if (!result)
        result = space_ready(arena);
    if (!result)
        result = directory_remove(&arena->persistent, page, pages);
    if (result)
        goto done;
    result = directory_remove(&arena->ephemeral, page, pages);
    if (!result)
        result = mapping_nothing(arena, page, pages, FAULT_UNMAP);
    if (!result)
        result = lazy_forget(arena, page, pages);
    if (result) {
        arena_fail(arena, result, "unmap of pages %lu to %lu", page, page + pages - 1);
        if (put_back(arena, &spans))
            arena_poison(arena, result);
        goto done;
    }
    for (size_t i = 0; i < spans.count; i++) {
        if (spans.items[i].extent.block)
            space_drop(arena, spans.items[i].extent.block, spans.items[i].extent.length);
    }
    budget_keep(arena, page, pages);

done:
    spans_free(&spans);
    return result;
}
