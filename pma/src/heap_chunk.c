/* SPDX-License-Identifier: MIT */
#include "heap_chunk.h"

#include "heap_pages.h"

static bool makes_sense(const struct format_heap_page *descriptor, unsigned shift)
{
    return descriptor->kind == FORMAT_HEAP_PARTITIONED && descriptor->shift == shift &&
           descriptor->used < heap_chunks(shift);
}

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
        if (!makes_sense(&heap->table[page], shift))
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

/* -1 if there is none, which the record denies. */
static int free_chunk(const struct format_heap_page *descriptor)
{
    const unsigned chunks = heap_chunks(descriptor->shift);

    for (unsigned word = 0; word * 64 < chunks; word++) {
        const uint64_t free = ~descriptor->map[word];

        if (free) {
            const unsigned chunk = word * 64 + (unsigned)__builtin_ctzll(free);

            return chunk < chunks ? (int)chunk : -1;
        }
    }
    return -1;
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
    number = free_chunk(descriptor);
    if (number < 0)
        return heap_damaged(call, "no chunk is free in", page);
    heap_add(places, heap_page_place(heap, page));
    if (descriptor->used + 1u == heap_chunks(shift))
        heap_add(places, heap_group_place(heap, page / FORMAT_HEAP_GROUP));
    *chunk = (struct heap_object){.address =
                                      arena_address(call->arena, page) + ((size_t)number << shift),
                                  .bytes = UINT64_C(1) << shift,
                                  .page = page,
                                  .chunk = (unsigned)number};
    return 0;
}

void heap_chunk_take(struct heap_call *call, const struct heap_object *chunk)
{
    struct heap *heap = call->heap;
    struct format_heap_page *descriptor = &heap->table[chunk->page];
    const unsigned class = descriptor->shift - FORMAT_HEAP_LEAST_SHIFT;

    descriptor->map[chunk->chunk / 64] |= UINT64_C(1) << chunk->chunk % 64;
    descriptor->used++;
    if (descriptor->used < heap_chunks(descriptor->shift))
        return;
    heap->groups[chunk->page / FORMAT_HEAP_GROUP].partial[class] &= ~heap_bit(chunk->page);
    heap->current[class] = NULL;
}

/* A page that chunks are taken from stays one when it runs empty: it would be made one again. */
static bool empties(const struct heap *heap, const struct format_heap_page *descriptor)
{
    return descriptor->used == 1 &&
           descriptor != heap->current[descriptor->shift - FORMAT_HEAP_LEAST_SHIFT];
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
    if (empties(heap, descriptor))
        heap_add(places, heap->first);
    if (descriptor->used == heap_chunks(descriptor->shift) || empties(heap, descriptor))
        heap_add(places, heap_group_place(heap, chunk->page / FORMAT_HEAP_GROUP));
    return 0;
}

void heap_chunk_give(struct heap_call *call, const struct heap_object *chunk)
{
    struct heap *heap = call->heap;
    struct format_heap_page *descriptor = &heap->table[chunk->page];
    const unsigned class = descriptor->shift - FORMAT_HEAP_LEAST_SHIFT;
    const uint64_t group = chunk->page / FORMAT_HEAP_GROUP;

    if (empties(heap, descriptor)) {
        heap_pages_clear(call, descriptor);
        return;
    }
    if (descriptor->used == heap_chunks(descriptor->shift)) {
        heap->groups[group].partial[class] |= heap_bit(chunk->page);
        if (heap->partial_from[class] > group)
            heap->partial_from[class] = group;
    }
    descriptor->map[chunk->chunk / 64] &= ~(UINT64_C(1) << chunk->chunk % 64);
    descriptor->used--;
}
