/* SPDX-License-Identifier: MIT */
#include "heap_state.h"

#include <errno.h>
#include <string.h>

#include "heap_free.h"
#include "operations.h"
#include "os.h"
#include "pages.h"
#include "space.h"

int heap_enter(struct heap_call *call)
{
    struct pma *arena = call->arena;
    int result =
        call->access == CALL_CHANGES ? call_enter_settled(arena) : call_enter(arena, call->access);

    call->entered = result == 0;
    if (call->quiet && call->entered)
        call->heap->kept = arena->error;
    return result;
}

int heap_leave(struct heap_call *call, int result)
{
    struct pma *arena = call->arena;

    call->entered = false;
    if (!result && call->access == CALL_CHANGES)
        space_top_up(arena);
    if (result && call->quiet && !arena->poison) {
        arena->error = call->heap->kept;
        call_leave(arena);
        return result;
    }
    call->told = call->told || result;
    return call_finish(arena, result, call->name);
}

static void note(struct heap_call *call, uint64_t page, bool writable)
{
    *heap_note_of(call->heap, page) = (struct heap_note){page, heap_mark(call->arena) + writable};
}

int heap_see_slowly(struct heap_call *call, uint64_t page)
{
    int result = heap_enter(call);

    if (result)
        return result;
    result = touch_pages(call->arena, page, 1);
    if (!result)
        note(call, page, false);
    return heap_leave(call, result);
}

/*
 * Getting one page can take another away, when there are too many mappings: then all are asked for
 * again. While the arena's lock is held nobody else takes any, so a few attempts suffice unless
 * there is no room for so many at all.
 */
static int own_all(struct heap_call *call, const struct heap_places *places)
{
    enum { ATTEMPTS = 8 };
    int result = 0;
    uint64_t before;

    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        before = heap_mark(call->arena);
        for (unsigned i = 0; i < places->count && !result; i++) {
            if (heap_owns(call, places->pages[i]))
                continue;
            result = dirty_pages(call->arena, places->pages[i], 1);
            if (!result)
                note(call, places->pages[i], true);
        }
        if (result || before == heap_mark(call->arena))
            return result;
    }
    return arena_fail(call->arena, -ENOMEM, "mappings for the heap's record");
}

int heap_own_slowly(struct heap_call *call, const struct heap_places *places)
{
    int result;

    if (call->entered)
        return own_all(call, places);
    result = heap_enter(call);
    return result ? result : heap_leave(call, own_all(call, places));
}

static void lay_out(struct heap *heap, struct pma *arena, uint64_t first)
{
    const uint64_t groups = format_heap_groups(arena->pages);
    unsigned char *address = arena_address(arena, first);

    heap->first = first;
    heap->head_pages = format_heap_head_pages(groups);
    heap->record_pages = heap->head_pages + groups;
    heap->groups = (void *)(address + sizeof(struct format_heap));
    heap->table = (void *)(address + heap->head_pages * PMA_PAGE_SIZE);
    heap->header = (void *)address;
    arena->heap_record_pages = heap->record_pages;
}

static int find_record(struct heap_call *call)
{
    struct pma *arena = call->arena;
    struct heap *heap = call->heap;
    const uint64_t groups = format_heap_groups(arena->pages);
    const uint64_t needed = format_heap_head_pages(groups) + groups;
    const uint64_t offset = arena->heap_record - (uintptr_t)arena->base;
    const uint64_t first = offset / PMA_PAGE_SIZE;
    const struct format_heap *header;
    int result;

    if (offset % PMA_PAGE_SIZE || first >= arena->pages || needed > arena->pages - first)
        return heap_damaged(call, "its record is not in the arena, from", first);
    result = heap_enter(call);
    if (result)
        return result;
    result = heap_leave(call, pages_check_allocated(arena, first, needed));
    if (result == PMA_EADDRESS)
        return heap_damaged(call, "its record is not allocated, from", first);
    if (!result)
        result = heap_see(call, first);
    if (result)
        return result;
    header = (const void *)arena_address(arena, first);
    if (memcmp(header->magic, FORMAT_HEAP_MAGIC, sizeof(header->magic)) != 0 ||
        header->groups != groups || header->end > groups)
        return heap_damaged(call, "its header makes no sense,", first);
    heap->end = header->end;
    heap->free_end = header->end;
    lay_out(heap, arena, first);
    return 0;
}

int heap_attach(struct heap_call *call)
{
    const int result = find_record(call);

    return result ? heap_finish(call, result) : 0;
}

int heap_create_slowly(struct heap_call *call)
{
    struct pma *arena = call->arena;
    struct heap *heap = call->heap;
    const uint64_t groups = format_heap_groups(arena->pages);
    const uint64_t pages = format_heap_head_pages(groups) + groups;
    struct heap_places places = {0};
    uint64_t first = 0;
    int result = heap_enter(call);

    if (result)
        return result;
    result = allocate_pages(arena, pages, false, &first);
    if (!result) {
        heap_add(&places, first);
        result = heap_own(call, &places);
        if (result && directory_remove(&arena->persistent, first, pages))
            arena_poison(arena, result);
    }
    result = heap_leave(call, result);
    if (result)
        return result;
    lay_out(heap, arena, first);
    memcpy(heap->header->magic, FORMAT_HEAP_MAGIC, sizeof(heap->header->magic));
    heap->header->groups = groups;
    heap->gap_from = first + pages;
    arena->heap_record = (uintptr_t)heap->header;
    return 0;
}

/* Memory for what is noted; only here two calls can be at it at the same time. */
static int make_state(pma_t *arena, enum call_access access)
{
    struct heap *heap;
    int result = arena ? call_enter(arena, access) : PMA_EARGUMENT;

    if (result)
        return result;
    if (!arena->heap) {
        heap = os_memory_of_process(sizeof(*heap));
        if (!heap)
            return call_finish(arena, -ENOMEM, "memory for the heap");
        atomic_store(&arena->heap, heap);
    }
    call_leave(arena);
    return 0;
}

int heap_begin_first(pma_t *arena, enum call_access access, const char *name,
                     struct heap_call *call)
{
    const int result = make_state(arena, access);

    return result ? result : heap_begin(arena, access, name, call);
}

int heap_finish(struct heap_call *call, int result)
{
    struct pma *arena = call->arena;

    if (result && !call->told && call_enter(arena, CALL_READS) == 0)
        call_finish(arena, result, call->name);
    lock_give(&call->heap->lock);
    return result;
}

int heap_refuse(struct heap_call *call, int code, const void *address)
{
    int result = heap_enter(call);

    if (result)
        return result;
    arena_fail(call->arena, code, "%s of address 0x%lx", call->name, (uintptr_t)address);
    return heap_leave(call, code);
}

int heap_damaged(struct heap_call *call, const char *what, uint64_t page)
{
    int result = heap_enter(call);

    if (result)
        return result;
    arena_fail(call->arena, PMA_ECORRUPT, "heap: %s page %lu", what, page);
    return heap_leave(call, PMA_ECORRUPT);
}

void heap_forget(pma_t *arena)
{
    os_memory_free(arena->heap, sizeof(struct heap));
    arena->heap = NULL;
}

bool heap_pause(pma_t *arena)
{
    struct heap_call call;
    struct heap *heap = arena ? arena->heap : NULL;

    if (!heap || heap_begin(arena, CALL_CHANGES, "snapshot", &call))
        return false;
    heap_free_tidy(&call);
    return true;
}

void heap_go_on(pma_t *arena)
{
    lock_give(&arena->heap->lock);
}
