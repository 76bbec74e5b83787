/* SPDX-License-Identifier: MIT */
/* The public calls that make and free objects. */
#include <pma/heap.h>

#include <errno.h>
#include <string.h>

#include "heap_object.h"
#include "heap_pages.h"
#include "heap_quick.h"
#include "heap_run.h"

/* Ends the call. */
static int make(struct heap_call *call, const struct heap_wish *wish, void **address)
{
    struct heap_object object;
    bool dirty = false;
    int result = PMA_EARGUMENT;

    if (address && wish->alignment && !(wish->alignment & (wish->alignment - 1)))
        result = heap_object_make(call, wish, &object, &dirty);
    result = heap_finish(call, result);
    if (result)
        return result;
    if (wish->zeros && dirty)
        memset(object.address, 0, object.bytes);
    *address = object.address;
    return 0;
}

int pma_malloc(pma_t *arena, size_t bytes, void **address)
{
    struct heap_call call;
    int result = heap_begin(arena, CALL_CHANGES, "malloc", &call);
    void *quick;

    if (result)
        return result;
    quick = address ? heap_quick_take(&call, bytes) : NULL;
    if (!quick)
        return make(&call, &(struct heap_wish){bytes, 1, false}, address);
    *address = quick;
    return heap_finish(&call, 0);
}

int pma_calloc(pma_t *arena, size_t count, size_t bytes, void **address)
{
    struct heap_wish wish = {0, 1, true};
    struct heap_call call;
    int result = heap_begin(arena, CALL_CHANGES, "calloc", &call);

    /* More than any arena has. */
    if (__builtin_mul_overflow(count, bytes, &wish.bytes))
        wish.bytes = SIZE_MAX;
    return result ? result : make(&call, &wish, address);
}

int pma_memalign(pma_t *arena, size_t alignment, size_t bytes, void **address)
{
    struct heap_call call;
    int result = heap_begin(arena, CALL_CHANGES, "memalign", &call);

    return result ? result : make(&call, &(struct heap_wish){bytes, alignment, false}, address);
}

static int free_object(struct heap_call *call, void *address)
{
    struct heap_object object;
    int result = heap_object_find(call, address, &object);

    if (!result)
        result = heap_object_free(call, &object);
    if (!result)
        heap_free_limit(call);
    return result;
}

int pma_free(pma_t *arena, void *address)
{
    struct heap_call call;
    int result;

    if (!address)
        return 0;
    result = heap_begin(arena, CALL_CHANGES, "free", &call);
    if (result)
        return result;
    if (!heap_quick_give(&call, address))
        result = free_object(&call, address);
    return heap_finish(&call, result);
}

int pma_usable_size(pma_t *arena, const void *address, size_t *bytes)
{
    struct heap_object object;
    struct heap_call call;
    int result = heap_begin(arena, CALL_MAPS, "usable size", &call);

    if (result)
        return result;
    result = bytes ? heap_object_find(&call, address, &object) : PMA_EARGUMENT;
    if (!result)
        *bytes = object.bytes;
    return heap_finish(&call, result);
}

static int take_pages(struct heap_call *call, void *from, size_t pages, void **address)
{
    const uint64_t offset = (uintptr_t)from - (uintptr_t)call->arena->base;
    const uint64_t page = offset / PMA_PAGE_SIZE;
    uint64_t to = 0, taken;
    int result;

    if (!address || pages == 0)
        return PMA_EARGUMENT;
    if (offset % PMA_PAGE_SIZE || page >= call->arena->pages || pages > call->arena->pages - page)
        return heap_refuse(call, PMA_EADDRESS, from);
    result = heap_run_touching(call, page, pages, &taken);
    if (!result)
        return heap_refuse(call, PMA_EOCCUPIED, arena_address(call->arena, taken));
    if (result == -ENOENT)
        result = heap_create(call);
    if (!result)
        result = heap_pages_take(call, page, pages, &to);
    if (!result)
        *address = arena_address(call->arena, to);
    return result;
}

int pma_heap_take_pages(pma_t *arena, void *from, size_t pages, void **address)
{
    struct heap_call call;
    int result = heap_begin(arena, CALL_CHANGES, "take pages", &call);

    return result ? result : heap_finish(&call, take_pages(&call, from, pages, address));
}
