/* SPDX-License-Identifier: MIT */
/* The public calls that make and free objects. */
#include <pma/heap.h>

#include <errno.h>
#include <string.h>

#include "heap_object.h"
#include "heap_pages.h"
#include "heap_run.h"
#include "operations.h"
#include "pages.h"

static int make(pma_t *arena, const struct heap_wish *wish, const char *name, void **address)
{
    struct heap_object object;
    struct heap_call call;
    bool dirty = false;
    int result = heap_begin(arena, CALL_CHANGES, name, &call);

    if (result)
        return result;
    if (!address || wish->alignment == 0 || (wish->alignment & (wish->alignment - 1)))
        return heap_finish(&call, PMA_EARGUMENT);
    result = heap_object_make(&call, wish, &object, &dirty);
    result = heap_finish(&call, result);
    if (result)
        return result;
    if (wish->zeros && dirty)
        memset(object.address, 0, object.bytes);
    *address = object.address;
    return 0;
}

int pma_malloc(pma_t *arena, size_t bytes, void **address)
{
    return make(arena, &(struct heap_wish){bytes, 1, false}, "malloc", address);
}

int pma_calloc(pma_t *arena, size_t count, size_t bytes, void **address)
{
    struct heap_wish wish = {0, 1, true};

    /* More than any arena has. */
    if (__builtin_mul_overflow(count, bytes, &wish.bytes))
        wish.bytes = SIZE_MAX;
    return make(arena, &wish, "calloc", address);
}

int pma_memalign(pma_t *arena, size_t alignment, size_t bytes, void **address)
{
    return make(arena, &(struct heap_wish){bytes, alignment, false}, "memalign", address);
}

int pma_free(pma_t *arena, void *address)
{
    struct heap_object object;
    struct heap_call call;
    int result;

    if (!address)
        return 0;
    result = heap_begin(arena, CALL_CHANGES, "free", &call);
    if (result)
        return result;
    result = heap_object_find(&call, address, &object);
    if (!result)
        result = heap_object_free(&call, &object);
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

/* Moves pages to a place that the heap has found for them, under the arena's lock. */
static int move_in(struct heap_call *call, uint64_t from, uint64_t pages, uint64_t *to)
{
    const struct heap_fit fit = heap_pages_fit_of(call, from, pages);
    int result = heap_enter(call);

    if (result)
        return result;
    result = pages_check_allocated(call->arena, from, pages);
    if (!result)
        result = heap_pages_room(call, &fit, to);
    if (!result)
        result = heap_pages_own(call, *to, pages);
    if (!result)
        result = move_pages(call->arena, *to, from, pages, PMA_MOVE_PERSISTENT);
    return heap_leave(call, result);
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
        result = move_in(call, page, pages, &to);
    if (result)
        return result;
    heap_pages_adopt(call, to, pages);
    *address = arena_address(call->arena, to);
    return 0;
}

int pma_heap_take_pages(pma_t *arena, void *from, size_t pages, void **address)
{
    struct heap_call call;
    int result = heap_begin(arena, CALL_CHANGES, "take pages", &call);

    return result ? result : heap_finish(&call, take_pages(&call, from, pages, address));
}
