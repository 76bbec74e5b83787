/* SPDX-License-Identifier: MIT */
/* What there is in the heap, page by page and chunk by chunk. */
#include <pma/heap.h>

#include <errno.h>

#include "heap_chunk.h"
#include "heap_run.h"

/* The first page at or above an address. */
static uint64_t page_from(const struct heap_call *call, const void *from)
{
    const uintptr_t base = (uintptr_t)call->arena->base, at = (uintptr_t)from;

    return at > base ? (at - base) / PMA_PAGE_SIZE : 0;
}

/* What a damaged record says of sizes is not calculated with. */
static int see_page(struct heap_call *call, uint64_t page)
{
    const struct format_heap_page *descriptor = &call->heap->table[page];
    int result = heap_see(call, heap_page_place(call->heap, page));

    if (!result && descriptor->kind == FORMAT_HEAP_PARTITIONED && !heap_chunk_has_size(descriptor))
        return heap_damaged(call, "chunks of no size in", page);
    return result;
}

static int describe(struct heap_call *call, uint64_t page, struct pma_heap_page *described)
{
    const struct heap *heap = call->heap;
    const uint64_t group = page / FORMAT_HEAP_GROUP;
    const struct format_heap_page *descriptor = &heap->table[page];
    int result;

    *described = (struct pma_heap_page){.address = arena_address(call->arena, page),
                                        .kind = PMA_HEAP_CONTINUE};
    if (heap_in_record(heap, page)) {
        described->kind = PMA_HEAP_RECORD;
        return 0;
    }
    result = heap_see(call, heap_group_place(heap, group));
    if (result || group >= heap->end)
        return result;
    if (heap->groups[group].free & heap_bit(page))
        described->kind = PMA_HEAP_FREE;
    result = see_page(call, page);
    if (result)
        return result;
    if (descriptor->kind == FORMAT_HEAP_START)
        described->kind = PMA_HEAP_START;
    if (descriptor->kind != FORMAT_HEAP_PARTITIONED)
        return 0;
    described->kind = PMA_HEAP_PARTITIONED;
    described->chunk_bytes = UINT32_C(1) << descriptor->shift;
    described->chunks = heap_chunks(descriptor->shift);
    described->used = descriptor->used;
    return 0;
}

static int next_page(struct heap_call *call, uint64_t from, uint64_t *page)
{
    return from < call->arena->pages
               ? heap_run_touching(call, from, call->arena->pages - from, page)
               : -ENOENT;
}

/* The end of a walk is no failure. */
static int finish_walk(struct heap_call *call, int result)
{
    if (result != -ENOENT)
        return heap_finish(call, result);
    heap_finish(call, 0);
    return result;
}

int pma_heap_next_page(pma_t *arena, const void *from, struct pma_heap_page *page)
{
    struct pma_heap_page found;
    struct heap_call call;
    uint64_t number;
    int result = heap_begin(arena, CALL_MAPS, "next page of the heap", &call);

    if (result)
        return result;
    result = page ? next_page(&call, page_from(&call, from), &number) : PMA_EARGUMENT;
    if (!result)
        result = describe(&call, number, &found);
    if (!result)
        *page = found;
    return finish_walk(&call, result);
}

/* The first chunk in use of a page, from an offset on; false if there is none. */
static bool next_in_page(const struct format_heap_page *descriptor, uint64_t offset,
                         uint64_t *found)
{
    const uint64_t bytes = UINT64_C(1) << descriptor->shift;

    for (uint64_t chunk = (offset + bytes - 1) / bytes; chunk < heap_chunks(descriptor->shift);
         chunk++) {
        if (heap_chunk_taken(descriptor, (unsigned)chunk)) {
            *found = chunk * bytes;
            return true;
        }
    }
    return false;
}

static int next_chunk(struct heap_call *call, const void *from, struct pma_heap_chunk *chunk)
{
    const struct heap *heap = call->heap;
    uint64_t page = page_from(call, from), found, place;
    uint64_t offset =
        (uintptr_t)from > (uintptr_t)call->arena->base ? (uintptr_t)from % PMA_PAGE_SIZE : 0;
    int result = heap->header ? 0 : -ENOENT;

    for (; !result; page++, offset = 0) {
        found = page;
        result = next_page(call, found, &page);
        if (result)
            break;
        offset = page == found ? offset : 0;
        if (heap_in_record(heap, page)) {
            page = heap->first + heap->record_pages - 1;
            continue;
        }
        result = see_page(call, page);
        if (result || heap->table[page].kind != FORMAT_HEAP_PARTITIONED ||
            !next_in_page(&heap->table[page], offset, &place))
            continue;
        chunk->address = arena_address(call->arena, page) + place;
        chunk->bytes = UINT32_C(1) << heap->table[page].shift;
        return 0;
    }
    return result;
}

int pma_heap_next_chunk(pma_t *arena, const void *from, struct pma_heap_chunk *chunk)
{
    struct heap_call call;
    int result = heap_begin(arena, CALL_MAPS, "next chunk of the heap", &call);

    return result ? result
                  : finish_walk(&call, chunk ? next_chunk(&call, from, chunk) : PMA_EARGUMENT);
}

static void count_object(const struct format_heap_page *descriptor, struct pma_heap_stat *stat)
{
    const bool chunks = descriptor->kind == FORMAT_HEAP_PARTITIONED;

    stat->objects += chunks ? descriptor->used : 1;
    stat->object_bytes += chunks ? (uint64_t)descriptor->used << descriptor->shift
                                 : descriptor->length * PMA_PAGE_SIZE;
}

static int count_group(struct heap_call *call, uint64_t group, struct pma_heap_stat *stat)
{
    const struct heap *heap = call->heap;
    uint64_t map;
    int result = heap_see(call, heap_group_place(heap, group));

    if (result || !heap->groups[group].used)
        return result;
    for (map = heap->groups[group].used; map && !result; map &= map - 1) {
        const uint64_t page = group * FORMAT_HEAP_GROUP + (unsigned)__builtin_ctzll(map);

        result = see_page(call, page);
        if (!result)
            count_object(&heap->table[page], stat);
    }
    return result;
}

static int count(struct heap_call *call, struct pma_heap_stat *stat)
{
    const struct heap *heap = call->heap;
    int result;

    *stat = (struct pma_heap_stat){0};
    if (!heap->header)
        return 0;
    result = heap_see(call, heap->first);
    if (result)
        return result;
    stat->record_pages = heap->record_pages;
    stat->free_pages = heap->header->free_pages;
    stat->pages = heap->header->used_pages + stat->free_pages + stat->record_pages;
    for (uint64_t group = 0; group < heap->end && !result; group++)
        result = count_group(call, group, stat);
    return result;
}

int pma_heap_stat(pma_t *arena, struct pma_heap_stat *stat)
{
    struct pma_heap_stat counted;
    struct heap_call call;
    int result = heap_begin(arena, CALL_MAPS, "statistics of the heap", &call);

    if (result)
        return result;
    result = stat ? count(&call, &counted) : PMA_EARGUMENT;
    if (!result)
        *stat = counted;
    return heap_finish(&call, result);
}
