/* SPDX-License-Identifier: MIT */
#include "heap_run.h"

#include <errno.h>

/* The last page with a descriptor up to `page`. */
static int last_used(struct heap_call *call, uint64_t page, uint64_t *used)
{
    struct heap *heap = call->heap;
    uint64_t group = page / FORMAT_HEAP_GROUP;
    uint64_t mask = UINT64_MAX >> (FORMAT_HEAP_GROUP - 1 - page % FORMAT_HEAP_GROUP);
    int result;

    if (group >= heap->end) {
        if (heap->end == 0)
            return -ENOENT;
        group = heap->end - 1;
        mask = UINT64_MAX;
    }
    for (;; mask = UINT64_MAX, group--) {
        uint64_t map;

        result = heap_see(call, heap_group_place(heap, group));
        if (result)
            return result;
        map = heap->groups[group].used & mask;
        if (map) {
            *used =
                group * FORMAT_HEAP_GROUP + FORMAT_HEAP_GROUP - 1 - (unsigned)__builtin_clzll(map);
            return 0;
        }
        if (group == 0)
            return -ENOENT;
    }
}

int heap_run_covering(struct heap_call *call, uint64_t page, uint64_t *start, uint64_t *pages)
{
    const struct format_heap_page *descriptor;
    uint64_t used;
    int result = last_used(call, page, &used);

    if (!result)
        result = heap_see(call, heap_page_place(call->heap, used));
    if (result)
        return result;
    descriptor = &call->heap->table[used];
    if (descriptor->kind != FORMAT_HEAP_START || descriptor->length <= page - used)
        return -ENOENT;
    *start = used;
    *pages = descriptor->length;
    return 0;
}

/* The first page from `page` on that has a descriptor or is free. */
static int next_marked(struct heap_call *call, uint64_t page, uint64_t limit, uint64_t *marked)
{
    struct heap *heap = call->heap;
    uint64_t mask = UINT64_MAX << page % FORMAT_HEAP_GROUP;
    int result;

    for (uint64_t group = page / FORMAT_HEAP_GROUP;
         group < heap->end && group * FORMAT_HEAP_GROUP < limit; group++, mask = UINT64_MAX) {
        uint64_t map;

        result = heap_see(call, heap_group_place(heap, group));
        if (result)
            return result;
        map = (heap->groups[group].used | heap->groups[group].free) & mask;
        if (map) {
            *marked = group * FORMAT_HEAP_GROUP + (unsigned)__builtin_ctzll(map);
            return *marked < limit ? 0 : -ENOENT;
        }
    }
    return -ENOENT;
}

int heap_run_touching(struct heap_call *call, uint64_t page, uint64_t pages, uint64_t *first)
{
    const struct heap *heap = call->heap;
    const uint64_t end = page + pages;
    uint64_t start, length, record = UINT64_MAX;
    int result;

    if (!heap->header)
        return -ENOENT;
    result = heap_in_record(heap, page) ? 0 : heap_run_covering(call, page, &start, &length);
    if (result != -ENOENT) {
        *first = page;
        return result;
    }
    if (heap->first > page && heap->first < end)
        record = heap->first;
    result = next_marked(call, page, end, first);
    if (result == -ENOENT && record != UINT64_MAX) {
        *first = record;
        return 0;
    }
    if (!result && record < *first)
        *first = record;
    return result;
}
