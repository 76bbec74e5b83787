/* SPDX-License-Identifier: MIT */
/* Whether the record agrees with itself and with the arena: the rules of docs/heap.md. */
#include <pma/heap.h>

#include "heap_chunk.h"
#include "pages.h"

struct checking {
    struct heap_call *call;
    uint64_t used_pages, free_pages;
    uint64_t run_end; /* of the large object met last */
};

static int damaged(const struct checking *checking, const char *what, uint64_t page)
{
    return heap_damaged(checking->call, what, page);
}

/* Whether the pages are the arena's, and in its snapshots. */
static int check_allocated(const struct checking *checking, uint64_t page, uint64_t pages)
{
    struct heap_call *call = checking->call;
    const uint64_t end = page + pages;
    struct span span = {.ephemeral = false};
    uint64_t at = page;
    int result = heap_enter(call);

    if (result)
        return result;
    while (at < end && !result && !span.ephemeral) {
        result = pages_find(call->arena, at, &span);
        if (!result && !span.ephemeral)
            at = extent_end(&span.extent);
    }
    heap_leave(call, 0);
    if (result && result != PMA_EADDRESS)
        return result;
    return at < end ? damaged(checking, "not allocated in the arena is", at) : 0;
}

static int check_partitioned(struct checking *checking, uint64_t page,
                             const struct format_heap_page *descriptor, uint64_t partial)
{
    const unsigned chunks = heap_chunks(descriptor->shift);
    unsigned set = 0;

    if (!heap_chunk_has_size(descriptor))
        return damaged(checking, "chunks of no size in", page);
    if (descriptor->length)
        return damaged(checking, "a length for", page);
    for (unsigned chunk = 0; chunk < FORMAT_HEAP_MAP_WORDS * 64; chunk++) {
        if (!heap_chunk_taken(descriptor, chunk))
            continue;
        if (chunk >= chunks)
            return damaged(checking, "the chunk map goes beyond the end of", page);
        set++;
    }
    if (set != descriptor->used)
        return damaged(checking, "the chunk map and the count of chunks in use differ in", page);
    if (!(partial & heap_bit(page)) != (set == chunks))
        return damaged(checking, "the map of pages with free chunks is wrong about", page);
    checking->used_pages++;
    return 0;
}

static int check_start(struct checking *checking, uint64_t page,
                       const struct format_heap_page *descriptor)
{
    const struct heap *heap = checking->call->heap;

    if (descriptor->length == 0 || descriptor->length > checking->call->arena->pages - page)
        return damaged(checking, "no possible length for the object from", page);
    if (descriptor->used || descriptor->shift ||
        !format_is_zero(descriptor->map, sizeof(descriptor->map)))
        return damaged(checking, "chunks in a large object from", page);
    if (page < heap->first + heap->record_pages && heap->first < page + descriptor->length)
        return damaged(checking, "the record lies in the object from", page);
    checking->used_pages += descriptor->length;
    checking->run_end = page + descriptor->length;
    return 0;
}

static int check_used(struct checking *checking, uint64_t page, uint64_t partial)
{
    const struct format_heap_page *descriptor = &checking->call->heap->table[page];
    int result;

    if (descriptor->reserved || descriptor->reserved_too[0] || descriptor->reserved_too[1])
        return damaged(checking, "reserved bytes are not zero for", page);
    if (descriptor->kind == FORMAT_HEAP_PARTITIONED) {
        result = check_partitioned(checking, page, descriptor, partial);
        return result ? result : check_allocated(checking, page, 1);
    }
    if (descriptor->kind != FORMAT_HEAP_START)
        return damaged(checking, "no kind of use of", page);
    result = check_start(checking, page, descriptor);
    return result ? result : check_allocated(checking, page, descriptor->length);
}

static int check_page(struct checking *checking, const struct format_heap_group *group,
                      uint64_t page)
{
    const struct heap *heap = checking->call->heap;
    const uint64_t bit = heap_bit(page);
    const bool used = group->used & bit, free = group->free & bit;
    const struct format_heap_page *descriptor = &heap->table[page];
    uint64_t partial = 0;

    if (!used && !format_is_zero(descriptor, sizeof(*descriptor)))
        return damaged(checking, "a descriptor, but no use of", page);
    for (unsigned class = 0; class < FORMAT_HEAP_CLASSES; class ++) {
        const bool right = used && descriptor->kind == FORMAT_HEAP_PARTITIONED &&
                           descriptor->shift == class + FORMAT_HEAP_LEAST_SHIFT;

        if ((group->partial[class] & bit) && !right)
            return damaged(checking, "free chunks of another size in", page);
        partial |= group->partial[class];
    }
    if (!used && !free)
        return 0;
    if (used && free)
        return damaged(checking, "both used and free is", page);
    if (group->gone & bit)
        return damaged(checking, "both the heap's and given back is", page);
    if (page >= checking->call->arena->pages)
        return damaged(checking, "not in the arena is", page);
    if (page < checking->run_end)
        return damaged(checking, "in a large object and something else is", page);
    if (heap_in_record(heap, page))
        return damaged(checking, "part of the record, but also an object or free is", page);
    if (used)
        return check_used(checking, page, partial);
    checking->free_pages++;
    return check_allocated(checking, page, 1);
}

static int check_group(struct checking *checking, uint64_t index)
{
    struct heap_call *call = checking->call;
    const struct format_heap_group *group = &call->heap->groups[index];
    const uint64_t first = index * FORMAT_HEAP_GROUP;
    int result = heap_see(call, heap_group_place(call->heap, index));

    if (!result)
        result = heap_see(call, heap_page_place(call->heap, first));
    if (result)
        return result;
    if (!format_is_zero(group->reserved, sizeof(group->reserved)))
        return damaged(checking, "reserved bytes are not zero for the group of", first);
    for (uint64_t page = first; page < first + FORMAT_HEAP_GROUP && !result; page++)
        result = check_page(checking, group, page);
    return result;
}

static int check(struct heap_call *call)
{
    const struct heap *heap = call->heap;
    struct checking checking = {.call = call};
    int result;

    if (!heap->header)
        return 0;
    result = heap_see(call, heap->first);
    if (!result)
        result = check_allocated(&checking, heap->first, heap->record_pages);
    if (!result && !format_is_zero(heap->header->reserved, sizeof(heap->header->reserved)))
        return damaged(&checking, "reserved bytes are not zero in the header,", heap->first);
    for (uint64_t group = 0; group < heap->end && !result; group++)
        result = check_group(&checking, group);
    if (result)
        return result;
    if (heap->header->used_pages != checking.used_pages ||
        heap->header->free_pages != checking.free_pages)
        return damaged(&checking, "the counts of pages are wrong in the header,", heap->first);
    return 0;
}

int pma_heap_check(pma_t *arena)
{
    struct heap_call call;
    int result = heap_begin(arena, CALL_MAPS, "check of the heap", &call);

    return result ? result : heap_finish(&call, check(&call));
}
