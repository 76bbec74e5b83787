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

int heap_chunk_take(struct heap_call *call, unsigned shift, bool writable, uint64_t *page,
                    unsigned *chunk)
{
    struct heap *heap = call->heap;
    const unsigned class = shift - FORMAT_HEAP_LEAST_SHIFT;
    struct format_heap_page *descriptor = heap->current[class];
    uint64_t places[3], number;
    unsigned count = 0;
    bool last;
    int free, result = 0;

    if (!descriptor)
        result = choose_page(call, shift, &descriptor);
    if (result)
        return result;
    number = heap_page_number(heap, descriptor);
    result = heap_see(call, heap_page_place(heap, number));
    if (result)
        return result;
    last = descriptor->used + 1u == heap_chunks(shift);
    free = free_chunk(descriptor);
    if (free < 0)
        return heap_damaged(call, "no chunk is free in", number);

    places[count++] = heap_page_place(heap, number);
    if (last)
        places[count++] = heap_group_place(heap, number / FORMAT_HEAP_GROUP);
    if (writable)
        places[count++] = number;
    result = heap_own(call, places, count);
    if (result)
        return result;
    *page = number;
    *chunk = (unsigned)free;
    descriptor->map[*chunk / 64] |= UINT64_C(1) << *chunk % 64;
    descriptor->used++;
    if (last) {
        heap->groups[number / FORMAT_HEAP_GROUP].partial[class] &= ~heap_bit(number);
        heap->current[class] = NULL;
    }
    return 0;
}

int heap_chunk_give(struct heap_call *call, uint64_t page, unsigned chunk)
{
    struct heap *heap = call->heap;
    struct format_heap_page *descriptor = &heap->table[page];
    const unsigned class = descriptor->shift - FORMAT_HEAP_LEAST_SHIFT;
    const bool full = descriptor->used == heap_chunks(descriptor->shift);
    const bool empties = descriptor->used == 1 && descriptor != heap->current[class];
    const uint64_t place = heap_page_place(heap, page);
    int result;

    if (empties)
        result = heap_pages_own(call, page, 1);
    else if (full)
        result = heap_own(call,
                          (uint64_t[]){place, heap_group_place(heap, page / FORMAT_HEAP_GROUP)}, 2);
    else
        result = heap_own(call, &place, 1);
    if (result)
        return result;
    descriptor->map[chunk / 64] &= ~(UINT64_C(1) << chunk % 64);
    descriptor->used--;
    if (empties) {
        heap_pages_clear(call, descriptor);
        heap_pages_limit(call);
    } else if (full) {
        heap->groups[page / FORMAT_HEAP_GROUP].partial[class] |= heap_bit(page);
        if (heap->partial_from[class] > page / FORMAT_HEAP_GROUP)
            heap->partial_from[class] = page / FORMAT_HEAP_GROUP;
    }
    return 0;
}
