/* SPDX-License-Identifier: MIT */
/* Objects that change their length. */
#include <pma/heap.h>

#include <errno.h>
#include <string.h>

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
    if (pages < now) {
        result = heap_pages_release(call, page, pages);
        if (!result)
            heap_pages_limit(call);
        return result;
    }
    result = heap_pages_extend(call, page, pages - now);
    if (result == -ENOENT)
        result = heap_pages_move(call, &page, pages);
    if (!result)
        *address = arena_address(call->arena, page);
    return result;
}

/* A chunk that becomes another or whole pages, or the other way round: at most half a page is
 * copied. */
static int replace(struct heap_call *call, const struct heap_object *old, uint64_t bytes,
                   void **address)
{
    const struct heap_wish wish = {bytes, 1, false};
    struct heap_object made;
    bool dirty;
    int result = heap_pages_own(call, old->page, 1); /* so that freeing it will not fail */

    if (!result)
        result = heap_object_make(call, &wish, &made, &dirty);
    if (result)
        return result;
    result = heap_own(call, &made.page, 1);
    if (result)
        goto unmake;
    memcpy(made.address, old->address, old->bytes < made.bytes ? old->bytes : made.bytes);
    result = heap_object_free(call, old);
    if (result)
        goto unmake;
    *address = made.address;
    return 0;

unmake:
    heap_object_free(call, &made);
    return result;
}

static int reallocate(struct heap_call *call, void **address, size_t bytes)
{
    struct heap_object old;
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
    return replace(call, &old, bytes, address);
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
    return heap_finish(&call, address ? reallocate(&call, address, bytes) : PMA_EARGUMENT);
}
