/* SPDX-License-Identifier: MIT */
/* Objects that change their length. */
#include <pma/heap.h>

#include <errno.h>

#include "heap_object.h"
#include "heap_pages.h"

static int resize_pages(struct heap_call *call, const struct heap_object *old, uint64_t pages,
                        void **address)
{
    const uint64_t now = old->bytes / PMA_PAGE_SIZE;
    uint64_t page = old->page;
    int result;

    if (pages == now)
        return 0;
    if (pages < now)
        return heap_pages_release(call, page, pages, &(struct heap_places){0});
    result = heap_pages_extend(call, page, pages - now);
    if (result == -ENOENT)
        result = heap_pages_move(call, &page, pages);
    if (!result)
        *address = arena_address(call->arena, page);
    return result;
}

static int reallocate(struct heap_call *call, void **address, size_t bytes)
{
    struct heap_object old, made;
    unsigned shift = 0;
    bool chunk;
    int result = heap_object_find(call, *address, &old);

    if (result)
        return result;
    chunk = heap_is_chunk(bytes, 1, &shift);
    if (!chunk && old.whole_pages)
        return resize_pages(call, &old, heap_whole_pages(bytes), address);
    if (chunk && !old.whole_pages && old.bytes == UINT64_C(1) << shift)
        return 0;
    result = heap_object_replace(call, &old, bytes, &made);
    if (!result)
        *address = made.address;
    return result;
}

int pma_realloc(pma_t *arena, void **address, size_t bytes)
{
    struct heap_call call;
    int result;

    if (address && !*address)
        return pma_malloc(arena, bytes, address);
    result = heap_begin(arena, CALL_CHANGES, "realloc", &call);
    if (result)
        return result;
    result = address ? reallocate(&call, address, bytes) : PMA_EARGUMENT;
    if (!result)
        heap_free_limit(&call);
    return heap_finish(&call, result);
}
