/* SPDX-License-Identifier: MIT */
#include "heap_object.h"

#include <errno.h>
#include <string.h>

#include "heap_chunk.h"
#include "heap_pages.h"
#include "heap_run.h"
#include "pages.h"
#include "reserve.h"

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

    if (!heap_chunk_has_size(descriptor))
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
    int result;

    object->address = (void *)address;
    object->page = offset / PMA_PAGE_SIZE;
    if (!heap->header || object->page >= call->arena->pages)
        return heap_refuse(call, PMA_EFOREIGN, address);
    result = heap_see(call, heap_page_place(heap, object->page));
    if (result)
        return result;
    descriptor = &heap->table[object->page];
    if (descriptor->kind == FORMAT_HEAP_PARTITIONED)
        result = find_chunk(call, descriptor, offset % PMA_PAGE_SIZE, object);
    else if (descriptor->kind == FORMAT_HEAP_START)
        result = find_pages(call, descriptor, offset % PMA_PAGE_SIZE, object);
    else
        result = diagnose(call, object->page);
    if (result == PMA_EFREED || result == PMA_EINTERIOR || result == PMA_EFOREIGN)
        return heap_refuse(call, result, address);
    return result;
}

static int make_chunk(struct heap_call *call, unsigned shift, bool writable,
                      struct heap_object *object)
{
    struct heap_places places;
    int result;

    places.count = 0;
    result = heap_chunk_find(call, shift, object, &places);
    if (result)
        return result;
    if (writable)
        heap_add(&places, object->page);
    result = heap_own(call, &places);
    if (!result)
        heap_chunk_take(call->heap, &call->heap->table[object->page], object->chunk);
    return result;
}

/* Large objects begin where their pages can be moved by the table, unless something else is asked
 * for. */
static struct heap_fit fit_of(const struct heap_wish *wish)
{
    const uint64_t pages = wish->bytes ? heap_whole_pages(wish->bytes) : 1;
    const uint64_t alignment = wish->alignment / PMA_PAGE_SIZE;

    return (struct heap_fit){.pages = pages,
                             .alignment = alignment > 1              ? alignment
                                          : pages >= CONGRUENT_PAGES ? CONGRUENT_PAGES
                                                                     : 1,
                             .zeros = wish->zeros};
}

static struct heap_object pages_at(const struct heap_call *call, uint64_t page, uint64_t pages)
{
    return (struct heap_object){.address = arena_address(call->arena, page),
                                .bytes = pages * PMA_PAGE_SIZE,
                                .page = page,
                                .whole_pages = true};
}

static int make_pages(struct heap_call *call, const struct heap_wish *wish,
                      struct heap_object *object)
{
    const struct heap_fit fit = fit_of(wish);
    uint64_t page = 0;
    int result = heap_pages_obtain(call, &fit, &(struct heap_places){0}, &page);

    if (result)
        return result;
    heap_pages_start(call, page, fit.pages);
    *object = pages_at(call, page, fit.pages);
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
    return *dirty ? make_chunk(call, shift, wish->zeros, object) : make_pages(call, wish, object);
}

int heap_object_free(struct heap_call *call, const struct heap_object *object)
{
    struct heap_places places;
    int result;

    places.count = 0;
    if (object->whole_pages)
        return heap_pages_release(call, object->page, 0, &places);
    result = heap_chunk_places(call, object, &places);
    if (!result)
        result = heap_own(call, &places);
    if (!result)
        heap_chunk_give(call->heap, &call->heap->table[object->page], object->chunk);
    return result;
}

/* Nobody else can take a free chunk meanwhile, so the content goes there before it is taken. */
static int replace_by_chunk(struct heap_call *call, const struct heap_object *old, unsigned shift,
                            struct heap_object *object)
{
    struct heap_places places = {0}, content = {0};
    int result = heap_chunk_find(call, shift, object, &places);

    if (result)
        return result;
    heap_add(&content, object->page);
    result = heap_own(call, &content);
    if (result)
        return result;
    memcpy(object->address, old->address, old->bytes < object->bytes ? old->bytes : object->bytes);
    if (old->whole_pages) {
        result = heap_pages_release(call, old->page, 0, &places);
    } else {
        result = heap_chunk_places(call, old, &places);
        if (!result)
            result = heap_own(call, &places);
        if (!result)
            heap_chunk_give(call->heap, &call->heap->table[old->page], old->chunk);
    }
    if (!result)
        heap_chunk_take(call->heap, &call->heap->table[object->page], object->chunk);
    return result;
}

static int replace_by_pages(struct heap_call *call, const struct heap_object *old, uint64_t bytes,
                            struct heap_object *object)
{
    struct heap_fit fit = fit_of(&(struct heap_wish){bytes, 1, false});
    struct heap_places places = {0};
    uint64_t page = 0;
    int result = heap_chunk_places(call, old, &places);

    fit.writable = true;
    if (!result)
        result = heap_pages_obtain(call, &fit, &places, &page);
    if (result)
        return result;
    heap_pages_start(call, page, fit.pages);
    *object = pages_at(call, page, fit.pages);
    memcpy(object->address, old->address, old->bytes);
    heap_chunk_give(call->heap, &call->heap->table[old->page], old->chunk);
    return 0;
}

int heap_object_replace(struct heap_call *call, const struct heap_object *old, uint64_t bytes,
                        struct heap_object *object)
{
    unsigned shift = 0;

    return heap_is_chunk(bytes, 1, &shift) ? replace_by_chunk(call, old, shift, object)
                                           : replace_by_pages(call, old, bytes, object);
}
