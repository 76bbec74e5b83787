/* SPDX-License-Identifier: MIT */
/*
 * Most calls in a few instructions: those that take or give a chunk where all places that change
 * are owned already. Whatever is not as simple as that takes the long way.
 */
#ifndef HEAP_QUICK_H
#define HEAP_QUICK_H

#include "heap_chunk.h"
#include "heap_object.h"

/* The record is only looked at where it is owned: elsewhere it may not be mapped. */
static inline bool heap_quick_owns_page(const struct heap_call *call, uint64_t page)
{
    return heap_owns(call, heap_page_place(call->heap, page));
}

static inline bool heap_quick_owns_group(const struct heap_call *call, uint64_t group)
{
    return heap_owns(call, heap_group_place(call->heap, group));
}

/* The page to take a chunk from: the one that the last came from, or the lowest with a free one. */
static inline struct format_heap_page *heap_quick_page(struct heap_call *call, unsigned shift)
{
    struct heap *heap = call->heap;
    const unsigned class = shift - FORMAT_HEAP_LEAST_SHIFT;
    const uint64_t group = heap->partial_from[class];
    uint64_t page;

    if (heap->current[class])
        return heap->current[class];
    if (group >= heap->end || !heap_quick_owns_group(call, group) ||
        !heap->groups[group].partial[class])
        return NULL;
    page =
        group * FORMAT_HEAP_GROUP + (unsigned)__builtin_ctzll(heap->groups[group].partial[class]);
    if (!heap_quick_owns_page(call, page) || !heap_chunk_is_partial(&heap->table[page], shift))
        return NULL;
    heap->current[class] = &heap->table[page];
    return heap->current[class];
}

static inline void *heap_quick_take(struct heap_call *call, size_t bytes)
{
    struct format_heap_page *descriptor;
    unsigned shift = 0;
    uint64_t page;
    int chunk;

    if (!heap_is_chunk(bytes, 1, &shift))
        return NULL;
    descriptor = heap_quick_page(call, shift);
    if (!descriptor)
        return NULL;
    page = heap_page_number(call->heap, descriptor);
    if (!heap_quick_owns_page(call, page) ||
        (heap_chunk_is_last(descriptor) && !heap_quick_owns_group(call, page / FORMAT_HEAP_GROUP)))
        return NULL;
    chunk = heap_chunk_first_free(descriptor);
    if (chunk < 0)
        return NULL;
    heap_chunk_take(call->heap, descriptor, (unsigned)chunk);
    return arena_address(call->arena, page) + ((size_t)chunk << shift);
}

static inline bool heap_quick_give(struct heap_call *call, const void *address)
{
    struct heap *heap = call->heap;
    const uint64_t offset = (uintptr_t)address - (uintptr_t)call->arena->base;
    const uint64_t page = offset / PMA_PAGE_SIZE;
    struct format_heap_page *descriptor;
    unsigned chunk;

    if (page >= call->arena->pages || !heap->header || !heap_quick_owns_page(call, page))
        return false;
    descriptor = &heap->table[page];
    if (descriptor->kind != FORMAT_HEAP_PARTITIONED || !heap_chunk_has_size(descriptor) ||
        offset & ((UINT64_C(1) << descriptor->shift) - 1))
        return false;
    chunk = (unsigned)(offset % PMA_PAGE_SIZE) >> descriptor->shift;
    if (!heap_chunk_taken(descriptor, chunk) || descriptor->used == 0 ||
        heap_chunk_empties(heap, descriptor) ||
        (heap_chunk_page_is_full(descriptor) &&
         !heap_quick_owns_group(call, page / FORMAT_HEAP_GROUP)))
        return false;
    heap_chunk_give(heap, descriptor, chunk);
    return true;
}

#endif
