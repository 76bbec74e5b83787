/* SPDX-License-Identifier: MIT */
/*
 * Chunks: a bit each in the descriptor of their page. What changes the record cannot fail, and is
 * done once the places that it changes are owned.
 */
#ifndef HEAP_CHUNK_H
#define HEAP_CHUNK_H

#include "heap_pages.h"

/* Finds a free chunk of 2^shift bytes, and the places that taking it changes. */
int heap_chunk_find(struct heap_call *call, unsigned shift, struct heap_object *chunk,
                    struct heap_places *places);

/* The places that giving a chunk back changes. */
int heap_chunk_places(struct heap_call *call, const struct heap_object *chunk,
                      struct heap_places *places);

static inline unsigned heap_chunks(unsigned shift)
{
    return PMA_PAGE_SIZE >> shift;
}

/* Whether the chunks of a page have a size that there is. */
static inline bool heap_chunk_has_size(const struct format_heap_page *descriptor)
{
    return descriptor->shift >= FORMAT_HEAP_LEAST_SHIFT &&
           descriptor->shift < FORMAT_HEAP_LEAST_SHIFT + FORMAT_HEAP_CLASSES;
}

static inline unsigned heap_chunk_class(const struct format_heap_page *descriptor)
{
    return descriptor->shift - FORMAT_HEAP_LEAST_SHIFT;
}

/* Whether it is a page of such chunks, and counts a free one. */
static inline bool heap_chunk_is_partial(const struct format_heap_page *descriptor, unsigned shift)
{
    return descriptor->kind == FORMAT_HEAP_PARTITIONED && descriptor->shift == shift &&
           descriptor->used < heap_chunks(shift);
}

static inline bool heap_chunk_taken(const struct format_heap_page *descriptor, unsigned chunk)
{
    return descriptor->map[chunk / 64] >> chunk % 64 & 1;
}

/* -1 if all chunks are taken. */
static inline int heap_chunk_first_free(const struct format_heap_page *descriptor)
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

static inline bool heap_chunk_is_last(const struct format_heap_page *descriptor)
{
    return descriptor->used + 1u == heap_chunks(descriptor->shift);
}

static inline bool heap_chunk_page_is_full(const struct format_heap_page *descriptor)
{
    return descriptor->used == heap_chunks(descriptor->shift);
}

/* Whether the page falls free with its last chunk. One that chunks are taken from does not: it
 * would be made one again. */
static inline bool heap_chunk_empties(const struct heap *heap,
                                      const struct format_heap_page *descriptor)
{
    return descriptor->used == 1 && heap->current[heap_chunk_class(descriptor)] != descriptor;
}

static inline void heap_chunk_take(struct heap *heap, struct format_heap_page *descriptor,
                                   unsigned chunk)
{
    const uint64_t page = heap_page_number(heap, descriptor);
    const unsigned class = heap_chunk_class(descriptor);

    if (heap_chunk_is_last(descriptor)) {
        heap->groups[page / FORMAT_HEAP_GROUP].partial[class] &= ~heap_bit(page);
        heap->current[class] = NULL;
    }
    descriptor->map[chunk / 64] |= UINT64_C(1) << chunk % 64;
    descriptor->used++;
}

static inline void heap_chunk_give(struct heap *heap, struct format_heap_page *descriptor,
                                   unsigned chunk)
{
    const uint64_t page = heap_page_number(heap, descriptor), group = page / FORMAT_HEAP_GROUP;
    const unsigned class = heap_chunk_class(descriptor);

    if (heap_chunk_empties(heap, descriptor)) {
        heap_pages_clear(heap, descriptor);
        return;
    }
    if (heap_chunk_page_is_full(descriptor)) {
        heap->groups[group].partial[class] |= heap_bit(page);
        if (heap->partial_from[class] > group)
            heap->partial_from[class] = group;
    }
    descriptor->map[chunk / 64] &= ~(UINT64_C(1) << chunk % 64);
    descriptor->used--;
}

#endif
