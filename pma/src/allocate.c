/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "mappings.h"
#include "operations.h"
#include "space.h"
#include "spans.h"

int allocate_pages_at(struct pma *arena, uint64_t page, uint64_t pages, bool ephemeral)
{
    int result = pages_check_free(arena, page, pages);

    if (!result)
        result = space_ready(arena);
    if (!result)
        result = pages_put(arena, ephemeral, page, pages,
                           ephemeral ? EXTENT_PRIVATE | EXTENT_MAPPED : 0);
    if (result || !ephemeral)
        return result;
    result = mapping_private(arena, page, pages, true, FAULT_MAP);
    if (!result)
        return 0;
    arena_fail(arena, result, "map of pages %lu to %lu", page, page + pages - 1);
    if (directory_remove(&arena->ephemeral, page, pages))
        arena_poison(arena, result);
    return result;
}

int allocate_pages(struct pma *arena, uint64_t pages, bool ephemeral, uint64_t *page)
{
    int result = directory_gap(&arena->persistent, &arena->ephemeral, 0, arena->pages, pages, page);

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

done:
    spans_free(&spans);
    return result;
}
