/* SPDX-License-Identifier: MIT */
/* The public calls: they check arguments, take the lock, and see to it that a failure has a text.
 */
#include <errno.h>

#include "call.h"
#include "handler.h"
#include "heap_state.h"
#include "operations.h"
#include "os.h"
#include "pages.h"
#include "space.h"

static bool contains(const pma_t *arena, uintptr_t address)
{
    return address >= (uintptr_t)arena->base &&
           (address - (uintptr_t)arena->base) / PMA_PAGE_SIZE < arena->pages;
}

/* The page at a page-aligned address, with `pages` pages from there inside the arena. */
static int page_range(pma_t *arena, const void *address, size_t pages, uint64_t *page)
{
    const uintptr_t at = (uintptr_t)address;

    if (pages == 0)
        return arena_fail(arena, PMA_EARGUMENT, "no pages");
    if (!contains(arena, at) || at % PMA_PAGE_SIZE)
        return arena_fail(arena, PMA_EADDRESS, "address 0x%lx", at);
    *page = (at - (uintptr_t)arena->base) / PMA_PAGE_SIZE;
    if (pages > arena->pages - *page)
        return arena_fail(arena, PMA_EADDRESS, "%lu pages at address 0x%lx", pages, at);
    return 0;
}

/* The pages that hold bytes of a range, all allocated. */
static int byte_range(pma_t *arena, const void *address, size_t bytes, uint64_t *page,
                      uint64_t *pages)
{
    const uintptr_t at = (uintptr_t)address;

    if (!contains(arena, at) || bytes - 1 > arena->pages * PMA_PAGE_SIZE ||
        !contains(arena, at + bytes - 1))
        return arena_fail(arena, PMA_EADDRESS, "%lu bytes at address 0x%lx", bytes, at);
    *page = (at - (uintptr_t)arena->base) / PMA_PAGE_SIZE;
    *pages = (at + bytes - 1 - (uintptr_t)arena->base) / PMA_PAGE_SIZE - *page + 1;
    return pages_check_allocated(arena, *page, *pages);
}

typedef int make_arena(const char *path, const struct pma_options *options, struct pma **arena,
                       struct pma_error *error);

static int open_with(make_arena *make, const char *path, const struct pma_options *given,
                     pma_t **arena, struct pma_error *error)
{
    struct pma_options options;
    struct pma *made;
    int result;

    if (error)
        *error = (struct pma_error){0};
    if (!path || !arena)
        return error_set(error, PMA_EARGUMENT, "no %s", path ? "place for the handle" : "path");
    result = arena_options(given, &options, error);
    if (result)
        return result;
    handler_hold_forks();
    result = make(path, &options, &made, error);
    if (result)
        goto allow_forks;
    result = handler_watch(made);
    if (result) {
        arena_free(made);
        error_set(error, result, "watch for faults in %s", path);
        goto allow_forks;
    }
    if (error) /* no trace of what a later attempt made good */
        *error = (struct pma_error){0};
    *arena = made;

allow_forks:
    handler_allow_forks();
    return result;
}

int pma_create(const char *path, const struct pma_options *options, pma_t **arena,
               struct pma_error *error)
{
    return open_with(create_arena, path, options, arena, error);
}

int pma_open(const char *path, const struct pma_options *options, pma_t **arena,
             struct pma_error *error)
{
    return open_with(recover_arena, path, options, arena, error);
}

int pma_view_open(const char *path, const struct pma_options *options, pma_t **view,
                  struct pma_error *error)
{
    return open_with(view_arena, path, options, view, error);
}

int pma_copy(const char *from, const char *to, const struct pma_options *given,
             struct pma_error *error)
{
    struct pma_options options, viewing = PMA_OPTIONS_INIT;
    pma_t *view;
    int result;

    if (error)
        *error = (struct pma_error){0};
    if (!from || !to)
        return error_set(error, PMA_EARGUMENT, "no path to copy %s", from ? "to" : "from");
    result = arena_options(given, &options, error);
    if (result)
        return result;
    viewing.previous = options.previous;
    result = open_with(view_arena_aside, from, &viewing, &view, error);
    if (result)
        return result;
    result = duplicate_file(view, to, &options, error);
    if (result && error)
        error_prefix(error, "copy %s to %s: ", from, to);
    pma_close(view);
    return result;
}

int pma_close(pma_t *arena)
{
    int result;

    if (!arena)
        return 0;
    handler_hold_forks();
    handler_forget(arena);
    heap_forget(arena);
    result = arena_free(arena);
    handler_allow_forks();
    return result;
}

int pma_pages_alloc(pma_t *arena, size_t pages, unsigned flags, void **address)
{
    uint64_t page = 0;
    int result = call_enter_settled(arena);

    if (result)
        return result;
    if (pages == 0 || !address || (flags & ~(unsigned)PMA_EPHEMERAL))
        result = PMA_EARGUMENT;
    if (!result)
        result = allocate_pages(arena, pages, flags & PMA_EPHEMERAL, &page);
    if (!result) {
        *address = arena_address(arena, page);
        space_top_up(arena);
    }
    return call_finish(arena, result, "allocate pages");
}

int pma_pages_alloc_at(pma_t *arena, void *address, size_t pages, unsigned flags)
{
    uint64_t page = 0;
    int result = call_enter_settled(arena);

    if (result)
        return result;
    result =
        flags & ~(unsigned)PMA_EPHEMERAL ? PMA_EARGUMENT : page_range(arena, address, pages, &page);
    if (!result)
        result = allocate_pages_at(arena, page, pages, flags & PMA_EPHEMERAL);
    if (!result)
        space_top_up(arena);
    return call_finish(arena, result, "allocate pages at an address");
}

int pma_pages_free(pma_t *arena, void *address, size_t pages)
{
    uint64_t page = 0;
    int result = call_enter(arena, CALL_CHANGES);

    if (result)
        return result;
    result = page_range(arena, address, pages, &page);
    if (!result)
        result = free_pages(arena, page, pages);
    return call_finish(arena, result, "free pages");
}

int pma_pages_move(pma_t *arena, void *to, void *from, size_t pages, unsigned flags)
{
    uint64_t source = 0, target = 0;
    int result = call_enter(arena, CALL_CHANGES);

    if (result)
        return result;
    result = flags > PMA_MOVE_EPHEMERAL ? PMA_EARGUMENT : page_range(arena, from, pages, &source);
    if (!result)
        result = page_range(arena, to, pages, &target);
    if (!result && source < target + pages && target < source + pages)
        result = arena_fail(arena, PMA_EARGUMENT, "source and target overlap");
    if (!result)
        result = move_pages(arena, target, source, pages, flags);
    return call_finish(arena, result, "move pages");
}

int pma_dirty(pma_t *arena, void *address, size_t bytes)
{
    uint64_t page = 0, pages = 0;
    int result = call_enter_settled(arena);

    if (result)
        return result;
    if (bytes == 0)
        return call_finish(arena, 0, NULL);
    result = byte_range(arena, address, bytes, &page, &pages);
    if (!result)
        result = dirty_pages(arena, page, pages);
    if (!result)
        space_top_up(arena);
    return call_finish(arena, result, "make pages writable");
}

typedef int range_operation(struct pma *arena, uint64_t page, uint64_t pages);

static int access_range(pma_t *arena, const void *address, size_t bytes, range_operation *operation,
                        const char *call)
{
    uint64_t page = 0, pages = 0;
    int result = call_enter(arena, CALL_MAPS);

    if (result)
        return result;
    if (bytes == 0)
        return call_finish(arena, 0, NULL);
    result = byte_range(arena, address, bytes, &page, &pages);
    if (!result)
        result = operation(arena, page, pages);
    return call_finish(arena, result, call);
}

int pma_touch(pma_t *arena, const void *address, size_t bytes)
{
    return access_range(arena, address, bytes, touch_pages, "map pages");
}

int pma_evict(pma_t *arena, void *address, size_t bytes)
{
    return access_range(arena, address, bytes, evict_pages, "evict pages");
}

/* For calls that take snapshots: no call on the heap is halfway meanwhile. */
static int enter_paused(pma_t *arena, bool *paused)
{
    int result;

    *paused = heap_pause(arena);
    result = call_enter(arena, CALL_CHANGES);
    if (result && *paused)
        heap_go_on(arena);
    return result;
}

static int finish_paused(pma_t *arena, bool paused, int result, const char *call)
{
    call_finish(arena, result, call);
    if (paused)
        heap_go_on(arena);
    return result;
}

int pma_snapshot(pma_t *arena, uint64_t event)
{
    bool paused;
    int result = enter_paused(arena, &paused);

    if (result)
        return result;
    shrink_consider(arena);
    result = take_snapshot(arena, event);
    if (!result) {
        shrink_go_on(arena);
        space_top_up(arena);
    }
    return finish_paused(arena, paused, result, "snapshot");
}

int pma_shrink(pma_t *arena, uint64_t file_blocks, uint64_t *now)
{
    bool paused;
    int result = enter_paused(arena, &paused);

    if (result)
        return result;
    return finish_paused(arena, paused, shrink_file(arena, file_blocks, now), "shrink the file");
}

int pma_root(pma_t *arena, unsigned index, uint64_t *value)
{
    int result = call_enter(arena, CALL_READS);

    if (result)
        return result;
    if (index >= PMA_ROOTS || !value)
        result = PMA_EARGUMENT;
    else
        *value = arena->roots[index];
    return call_finish(arena, result, "root word");
}

int pma_set_root(pma_t *arena, unsigned index, uint64_t value)
{
    int result = call_enter(arena, CALL_CHANGES);

    if (result)
        return result;
    if (index >= PMA_ROOTS)
        result = PMA_EARGUMENT;
    else
        arena->roots[index] = value;
    return call_finish(arena, result, "set root word");
}

int pma_stat(pma_t *arena, struct pma_stat *stat)
{
    int result = call_enter(arena, CALL_READS);

    if (result)
        return result;
    result = stat ? 0 : PMA_EARGUMENT;
    if (!result && !arena->view)
        result = space_ready(arena);
    if (!result && !arena->read_only)
        space_review(arena);
    if (!result)
        *stat = (struct pma_stat){
            .base = arena->home,
            .reserved_pages = arena->pages,
            .snapshot = arena->snapshot,
            .event = arena->event,
            .file_blocks = arena->file_blocks,
            .free_blocks = arena->view ? 0 : blocks_count_free(arena->blocks),
            .limbo_blocks = arena->view ? 0 : blocks_count_limbo(arena->blocks),
            .view_blocks = arena->view ? 0 : blocks_count_held(arena->blocks),
            .extents = arena->persistent.extents,
            .pages = arena->persistent.pages,
            .ephemeral_pages = arena->ephemeral.pages,
            .copied_pages = arena->copied_pages,
            .moved_pages = arena->moved_pages,
            .defragmented_blocks = arena->defragmented_blocks,
            .resident_bytes = arena->mappings.resident * PMA_PAGE_SIZE,
            .mappings = arena->mappings.count,
            .evicted_pages = arena->budget.evicted,
        };
    return call_finish(arena, result, "statistics");
}

int pma_next_run(pma_t *arena, const void *from, struct pma_run *run)
{
    const uintptr_t at = (uintptr_t)from;
    uint64_t page = 0;
    struct span span;
    int result = call_enter(arena, CALL_READS);

    if (result)
        return result;
    if (at > (uintptr_t)arena->base)
        page = (at - (uintptr_t)arena->base) / PMA_PAGE_SIZE;
    result = run ? pages_next(arena, page, &span) : PMA_EARGUMENT;
    if (!result) {
        span.extent = extent_clip(&span.extent, page, UINT64_MAX);
        *run = (struct pma_run){arena_address(arena, span.extent.page), span.extent.length,
                                span.extent.block, span.ephemeral};
    }
    if (result == -ENOENT) { /* the end, not a failure */
        call_leave(arena);
        return result;
    }
    return call_finish(arena, result, "next run of pages");
}

int pma_next_free(pma_t *arena, uint64_t from, uint64_t *first, uint64_t *count)
{
    int result = call_enter(arena, CALL_READS);

    if (result)
        return result;
    if (arena->view)
        result = arena_fail(arena, PMA_EREADONLY, "a view does not know which blocks are free");
    else
        result = first && count ? space_ready(arena) : PMA_EARGUMENT;
    if (!result)
        result = blocks_next_free(arena->blocks, from, first, count);
    if (result == -ENOENT) { /* the end, not a failure */
        call_leave(arena);
        return result;
    }
    return call_finish(arena, result, "next run of free blocks");
}

const void *pma_view_ptr(const pma_t *view, const void *address)
{
    const uintptr_t at = (uintptr_t)address;

    if (!view || !view->view)
        return address;
    if (!view->base || at < view->home || (at - view->home) / PMA_PAGE_SIZE >= view->pages)
        return NULL;
    return view->base + (at - view->home);
}

void *pma_base(const pma_t *arena)
{
    return arena ? arena->base : NULL;
}

const char *pma_last_error(pma_t *arena)
{
    return arena ? arena->error.text : "";
}
