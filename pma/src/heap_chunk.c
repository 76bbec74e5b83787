/* SPDX-License-Identifier: MIT */
#include "heap_chunk.h"

/* The lowest page with a free chunk of the class; none is *descriptor NULL. */
static int find_partial(struct heap_call *call, unsigned shift,
                        struct format_heap_page **descriptor)
{
    struct heap *heap = call->heap;
    const unsigned class = shift - FORMAT_HEAP_LEAST_SHIFT;
    uint64_t group, map, page;
    int result;

    *descriptor = NULL;
    for (group = heap->partial_from[class]; group < heap->end; group++) {
        result = heap_see(call, heap_group_place(heap, group));
        if (result)
            return result;
        map = heap->groups[group].partial[class];
        if (!map)
            continue;
        heap->partial_from[class] = group;
        page = group * FORMAT_HEAP_GROUP + (unsigned)__builtin_ctzll(map);
        result = heap_see(call, heap_page_place(heap, page));
        if (result)
            return result;
        if (!heap_chunk_is_partial(&heap->table[page], shift))
            return heap_damaged(call, "no chunk is free in", page);
        *descriptor = &heap->table[page];
        return 0;
    }
    heap->partial_from[class] = heap->end;
    return 0;
}

/* The page that chunks of a class are taken from is the lowest one with a free chunk, so that the
 * others have a chance to fall free. */
static int choose_page(struct heap_call *call, unsigned shift, struct format_heap_page **descriptor)
{
    int result = find_partial(call, shift, descriptor);

    if (!result && !*descriptor)
        result = heap_pages_partition(call, shift, descriptor);
    if (!result)
        call->heap->current[shift - FORMAT_HEAP_LEAST_SHIFT] = *descriptor;
    return result;
}

int heap_chunk_find(struct heap_call *call, unsigned shift, struct heap_object *chunk,
                    struct heap_places *places)
{
    struct heap *heap = call->heap;
    struct format_heap_page *descriptor = heap->current[shift - FORMAT_HEAP_LEAST_SHIFT];
    uint64_t page;
    int number, result = 0;

    if (!descriptor)
        result = choose_page(call, shift, &descriptor);
    if (result)
        return result;
    page = heap_page_number(heap, descriptor);
    result = heap_see(call, heap_page_place(heap, page));
    if (result)
        return result;
    number = heap_chunk_first_free(descriptor);
    if (number < 0)
        return heap_damaged(call, "no chunk is free in", page);
    heap_add(places, heap_page_place(heap, page));
    if (heap_chunk_is_last(descriptor))
        heap_add(places, heap_group_place(heap, page / FORMAT_HEAP_GROUP));
    chunk->address = arena_address(call->arena, page) + ((size_t)number << shift);
    chunk->bytes = UINT64_C(1) << shift;
    chunk->page = page;
    chunk->chunk = (unsigned)number;
    chunk->whole_pages = false;
    return 0;
}

int heap_chunk_places(struct heap_call *call, const struct heap_object *chunk,
                      struct heap_places *places)
{
    const struct heap *heap = call->heap;
    const struct format_heap_page *descriptor = &heap->table[chunk->page];
    const uint64_t place = heap_page_place(heap, chunk->page);
    int result = heap_see(call, place);

    if (result)
        return result;
    heap_add(places, place);
    if (heap_chunk_empties(heap, descriptor))
        heap_add(places, heap->first);
    if (heap_chunk_page_is_full(descriptor) || heap_chunk_empties(heap, descriptor))
        heap_add(places, heap_group_place(heap, chunk->page / FORMAT_HEAP_GROUP));
    return 0;
}
