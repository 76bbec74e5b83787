/* SPDX-License-Identifier: MIT */
#include "heap_object.h"

#include <pma/heap.h>

#include <errno.h>

#include "heap_chunk.h"
#include "heap_pages.h"
#include "heap_run.h"
#include "pages.h"

/* Whether the arena has the page allocated: then it is somebody else's. */
static int is_allocated(struct heap_call *call, uint64_t page, bool *allocated)
{
    struct span span;
    int result = heap_enter(call);

    if (result)
        return result;
    result = pages_next(call->arena, page, &span);
    *allocated = !result && span.extent.page <= page;
    return heap_leave(call, result == -ENOENT ? 0 : result);
}

/* What is wrong with an address in a page that has no descriptor. */
static int diagnose(struct heap_call *call, uint64_t page)
{
    struct heap *heap = call->heap;
    const uint64_t index = page / FORMAT_HEAP_GROUP;
    uint64_t start, pages;
    bool allocated;
    int result;

    if (heap_in_record(heap, page))
        return PMA_EFOREIGN;
    result = heap_run_covering(call, page, &start, &pages);
    if (result != -ENOENT)
        return result ? result : PMA_EINTERIOR;
    if (index >= heap->end)
        return PMA_EFOREIGN;
    result = heap_see(call, heap_group_place(heap, index));
    if (result)
        return result;
    if (heap->groups[index].free & heap_bit(page))
        return PMA_EFREED;
    if (!(heap->groups[index].gone & heap_bit(page)))
        return PMA_EFOREIGN;
    result = is_allocated(call, page, &allocated);
    return result ? result : allocated ? PMA_EFOREIGN : PMA_EFREED;
}

static int find_chunk(struct heap_call *call, const struct format_heap_page *descriptor,
                      uint64_t offset, struct heap_object *object)
{
    const unsigned shift = descriptor->shift;

    if (shift < FORMAT_HEAP_LEAST_SHIFT || PMA_PAGE_SIZE >> shift < 2)
        return heap_damaged(call, "chunks of no size in", object->page);
    object->whole_pages = false;
    object->chunk = (unsigned)(offset >> shift);
    object->bytes = UINT64_C(1) << shift;
    if (!heap_chunk_taken(descriptor, object->chunk))
        return PMA_EFREED;
    if (offset & (object->bytes - 1))
        return PMA_EINTERIOR;
    return descriptor->used > 0
               ? 0
               : heap_damaged(call, "more chunks in use than counted in", object->page);
}

static int find_pages(struct heap_call *call, const struct format_heap_page *descriptor,
                      uint64_t offset, struct heap_object *object)
{
    if (descriptor->length == 0 || descriptor->length > call->arena->pages - object->page)
        return heap_damaged(call, "an object of no length from", object->page);
    object->whole_pages = true;
    object->bytes = descriptor->length * PMA_PAGE_SIZE;
    return offset ? PMA_EINTERIOR : 0;
}

int heap_object_find(struct heap_call *call, const void *address, struct heap_object *object)
{
    struct heap *heap = call->heap;
    const uint64_t offset = (uintptr_t)address - (uintptr_t)call->arena->base;
    const struct format_heap_page *descriptor;
    struct heap_object found = {.address = (void *)address, .page = offset / PMA_PAGE_SIZE};
    int result;

    if (!heap->header || found.page >= call->arena->pages)
        return heap_refuse(call, PMA_EFOREIGN, address);
    result = heap_see(call, heap_page_place(heap, found.page));
    if (result)
        return result;
    descriptor = &heap->table[found.page];
    if (descriptor->kind == FORMAT_HEAP_PARTITIONED)
        result = find_chunk(call, descriptor, offset % PMA_PAGE_SIZE, &found);
    else if (descriptor->kind == FORMAT_HEAP_START)
        result = find_pages(call, descriptor, offset % PMA_PAGE_SIZE, &found);
    else
        result = diagnose(call, found.page);
    if (result == PMA_EFREED || result == PMA_EINTERIOR || result == PMA_EFOREIGN)
        return heap_refuse(call, result, address);
    if (!result)
        *object = found;
    return result;
}

bool heap_is_chunk(uint64_t bytes, uint64_t alignment, unsigned *shift)
{
    const uint64_t size = bytes > alignment ? bytes : alignment;

    if (size > PMA_CHUNK_MOST)
        return false;
    *shift = size <= PMA_CHUNK_LEAST ? FORMAT_HEAP_LEAST_SHIFT
                                     : 64 - (unsigned)__builtin_clzll(size - 1);
    return true;
}

static int make_chunk(struct heap_call *call, unsigned shift, const struct heap_wish *wish,
                      struct heap_object *object)
{
    struct heap_object made = {.bytes = UINT64_C(1) << shift};
    int result = heap_chunk_take(call, shift, wish->zeros, &made.page, &made.chunk);

    if (result)
        return result;
    made.address = arena_address(call->arena, made.page) + ((size_t)made.chunk << shift);
    *object = made;
    return 0;
}

static uint64_t alignment_of(const struct heap_wish *wish, uint64_t pages)
{
    const uint64_t wanted = wish->alignment / PMA_PAGE_SIZE;

    if (wanted > 1)
        return wanted;
    return pages >= HEAP_TABLE ? HEAP_TABLE : 1;
}

static int make_pages(struct heap_call *call, const struct heap_wish *wish,
                      struct heap_object *object)
{
    struct heap_fit fit = {.pages = heap_whole_pages(wish->bytes), .zeros = wish->zeros};
    struct heap_object made = {.whole_pages = true};
    int result;

    if (fit.pages == 0)
        fit.pages = 1;
    fit.alignment = alignment_of(wish, fit.pages);
    result = heap_pages_start(call, &fit, &made.page);
    if (result)
        return result;
    made.address = arena_address(call->arena, made.page);
    made.bytes = fit.pages * PMA_PAGE_SIZE;
    *object = made;
    return 0;
}

int heap_object_make(struct heap_call *call, const struct heap_wish *wish,
                     struct heap_object *object, bool *dirty)
{
    unsigned shift = 0;
    int result = heap_create(call);

    if (result)
        return result;
    *dirty = heap_is_chunk(wish->bytes, wish->alignment, &shift);
    return *dirty ? make_chunk(call, shift, wish, object) : make_pages(call, wish, object);
}

int heap_object_free(struct heap_call *call, const struct heap_object *object)
{
    int result;

    if (!object->whole_pages)
        return heap_chunk_give(call, object->page, object->chunk);
    result = heap_pages_release(call, object->page, 0);
    if (!result)
        heap_pages_limit(call);
    return result;
}
