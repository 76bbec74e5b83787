/* SPDX-License-Identifier: MIT */
/* Which pages are watched: how they come to be, and how they cease to be. */
#include "lazy.h"

#include <errno.h>

#include "budget.h"
#include "mappings.h"
#include "os.h"
#include "space.h"

enum {
    WINDOW = 512,     /* pages that one access maps: what one page of a page table covers */
    READY_NODES = 180 /* for a change of the directory and one of the watched ranges */
};

/* The first watched range that ends above `page`, cut to [page, end). False if there is none. */
static bool next_watched(struct pma *arena, uint64_t page, uint64_t end, struct extent *range)
{
    if (directory_next(&arena->watched, page, range) || range->page >= end)
        return false;
    *range = extent_clip(range, page, end);
    return true;
}

bool lazy_is_watched(struct pma *arena, uint64_t page)
{
    struct extent range;

    return next_watched(arena, page, page + 1, &range);
}

struct extent lazy_window(const struct extent *extent, uint64_t page)
{
    const uint64_t first = page - page % WINDOW;

    return extent_clip(extent, first, first + WINDOW);
}

/* Comes before the watch begins, when failing is still easy. */
static int record_watch(struct pma *arena, const struct extent *part)
{
    int result = nodes_reserve(arena->nodes, READY_NODES);

    if (result)
        return arena_fail(arena, result, "memory for the watch over page %lu", part->page);
    return directory_put(&arena->watched,
                         &(struct extent){.page = part->page, .length = part->length});
}

static int map_gap(struct pma *arena, const struct extent *part)
{
    int result = pages_may_map(arena, part);

    if (!result)
        result = record_watch(arena, part);
    if (result)
        return result;
    do
        result = mapping_watched(arena, part, FAULT_MAP, FAULT_LAZY_ARM);
    while (result == -ENOMEM && pages_relieve(arena, part->page, part->length, true));
    if (!result)
        return 0;
    if (mapping_nothing(arena, part->page, part->length, FAULT_NONE) ||
        directory_remove(&arena->watched, part->page, part->length))
        arena_poison(arena, result);
    return arena_fail(arena, result, "map of pages %lu to %lu", part->page, extent_end(part) - 1);
}

int lazy_map(struct pma *arena, const struct extent *part)
{
    const uint64_t end = extent_end(part);
    struct extent range, gap;
    uint64_t page = part->page;
    int result = 0;

    while (page < end && !result) {
        const bool more = next_watched(arena, page, end, &range);
        const uint64_t limit = more ? range.page : end;

        if (limit > page) {
            gap = extent_clip(part, page, limit);
            result = map_gap(arena, &gap);
        }
        page = more ? extent_end(&range) : end;
    }
    return result;
}

/* Nodes have been reserved. */
static int unwatch(struct pma *arena, uint64_t page, uint64_t length)
{
    int result = directory_remove(&arena->watched, page, length);

    return result ? arena_poison(arena, result) : 0;
}

static int drop_clean(struct pma *arena, uint64_t page, uint64_t length)
{
    int result = mapping_nothing(arena, page, length, FAULT_UNMAP);

    if (result)
        return arena_fail(arena, result, "unmap of pages %lu to %lu", page, page + length - 1);
    return unwatch(arena, page, length);
}

/* The first piece of a run that is one extent's; *page moves behind it. */
static int make_private(struct pma *arena, uint64_t *page, uint64_t end)
{
    struct extent old, private;
    struct span span;
    int result = pages_find(arena, *page, &span);

    if (result)
        return result;
    old = extent_clip(&span.extent, *page, end);
    private = (struct extent){
        .page = old.page, .length = old.length, .flags = EXTENT_PRIVATE | EXTENT_MAPPED};
    result = directory_put(&arena->persistent, &private);
    if (result)
        return result;
    if (old.block)
        space_drop(arena, old.block, old.length);
    *page = extent_end(&old);
    result = unwatch(arena, old.page, old.length);
    /* If this fails, the next store faults and is answered then. */
    if (!result)
        mapping_protect(arena, old.page, old.length, true, FAULT_NONE);
    return result;
}

/* What a scan has found counts as found no more, from page `from` on. */
static void mark_again(struct pma *arena, const struct os_run *runs, size_t count, uint64_t from)
{
    const uintptr_t limit = (uintptr_t)arena_address(arena, from);
    int result = 0;

    for (size_t i = 0; i < count && !result; i++) {
        const uintptr_t start = runs[i].start > limit ? runs[i].start : limit;

        if (start < runs[i].end)
            result = os_watch_mark(&arena->watch, (void *)start, runs[i].end - start);
    }
    if (result)
        arena_poison(arena, result);
}

/* One scan's worth of a range; *page moves behind what has been released. */
static int release_some(struct pma *arena, uint64_t *page, uint64_t end)
{
    enum { RUNS = 32 };
    struct os_run runs[RUNS];
    uintptr_t reached = (uintptr_t)arena_address(arena, *page);
    int count = os_watch_scan(&arena->watch, &reached, (uintptr_t)arena_address(arena, end),
                              SIZE_MAX, runs, RUNS, FAULT_LAZY_SCAN);
    int result = count < 0 ? count : 0;

    for (int i = 0; i < count && !result; i++) {
        const uint64_t first = arena_page(arena, runs[i].start),
                       behind = arena_page(arena, runs[i].end);

        if (first > *page)
            result = drop_clean(arena, *page, first - *page);
        *page = result ? *page : first;
        while (*page < behind && !result) {
            result = nodes_reserve(arena->nodes, READY_NODES);
            if (!result)
                result = make_private(arena, page, behind);
        }
    }
    if (!result && arena_page(arena, reached) > *page) {
        result = drop_clean(arena, *page, arena_page(arena, reached) - *page);
        *page = result ? *page : arena_page(arena, reached);
    }
    if (result && count > 0)
        mark_again(arena, runs, (size_t)count, *page);
    return result;
}

/* Write-protected first, so that no store comes between the scan and what follows from it. */
static int release_range(struct pma *arena, const struct extent *range)
{
    const uint64_t end = extent_end(range);
    uint64_t page = range->page;
    int result = mapping_protect(arena, page, range->length, false, FAULT_PROTECT);

    while (page < end && !result)
        result = release_some(arena, &page, end);
    if (!result)
        return 0;
    if (page < end && !arena->poison)
        mapping_protect(arena, page, end - page, true, FAULT_NONE);
    return arena_fail(arena, result, "end of the watch over pages %lu to %lu", page, end - 1);
}

int lazy_release(struct pma *arena, uint64_t page, uint64_t length)
{
    const uint64_t end = page + length;
    struct extent range;
    int result = 0;

    while (!result && next_watched(arena, page, end, &range)) {
        result = space_ready(arena);
        if (!result)
            result = nodes_reserve(arena->nodes, READY_NODES);
        if (!result)
            result = release_range(arena, &range);
        page = extent_end(&range);
    }
    return result;
}

static int leave_range(struct pma *arena, const struct extent *range)
{
    const uint64_t end = extent_end(range);
    uintptr_t at = (uintptr_t)arena_address(arena, range->page);
    struct os_run run;
    int result = mapping_protect(arena, range->page, range->length, false, FAULT_PROTECT);

    if (!result)
        result = os_watch_scan(&arena->watch, &at, (uintptr_t)arena_address(arena, end), 1, &run, 1,
                               FAULT_LAZY_SCAN);
    if (result > 0) {
        mark_again(arena, &run, 1, range->page);
        result = -EAGAIN;
    }
    if (!result)
        return drop_clean(arena, range->page, range->length);
    if (!arena->poison)
        mapping_protect(arena, range->page, range->length, true, FAULT_NONE);
    return arena_fail(arena, result, "end of the watch over pages %lu to %lu", range->page,
                      end - 1);
}

int lazy_leave(struct pma *arena, uint64_t page, uint64_t length)
{
    const uint64_t end = page + length;
    struct extent range;
    int result = 0;

    while (!result && next_watched(arena, page, end, &range)) {
        result = nodes_reserve(arena->nodes, READY_NODES);
        if (!result)
            result = leave_range(arena, &range);
        page = extent_end(&range);
    }
    return result;
}

int lazy_forget(struct pma *arena, uint64_t page, uint64_t length)
{
    int result = arena->lazy ? directory_remove(&arena->watched, page, length) : 0;

    return result ? arena_poison(arena, result) : 0;
}

int lazy_adopt(struct pma *arena, const struct extent *extent)
{
    int result = record_watch(arena, extent);

    if (result)
        return result;
    result = mapping_watch(arena, extent->page, extent->length, FAULT_LAZY_ARM);
    if (!result)
        return 0;
    if (directory_remove(&arena->watched, extent->page, extent->length))
        arena_poison(arena, result);
    return arena_fail(arena, result, "watch over pages %lu to %lu", extent->page,
                      extent_end(extent) - 1);
}

bool lazy_leave_file(struct pma *arena)
{
    const struct pma_error kept = arena->error;
    struct extent private;
    int result = lazy_release(arena, 0, arena->pages);

    if (result && !arena->poison)
        arena->error = kept;
    return !result && (!arena->lazy || pages_gather(arena, EXTENT_PRIVATE, 0, &private, 1) == 0);
}

/* A page in memory that is the block's own, not a copy, is read from the disk, and may be stale. */
static int check_contents(struct pma *arena, const struct extent *extent)
{
    uint64_t expected;
    int result = 0;

    for (uint32_t i = 0; i < extent->length && !result; i++) {
        result = sums_get(&arena->sums, extent->block + i, &expected);
        if (!result &&
            expected != format_checksum(arena_address(arena, extent->page + i), PMA_PAGE_SIZE))
            result = PMA_ECORRUPT;
    }
    return result;
}

int lazy_recall(struct pma *arena, const struct extent *run)
{
    const uint64_t end = extent_end(run);
    struct extent range, part;
    int result = 0;

    for (uint64_t page = run->page; !result && next_watched(arena, page, end, &range);) {
        page = range.page;
        part = extent_clip(run, page, extent_end(&range));
        result = os_populate(arena_address(arena, page), extent_bytes(&part));
        if (!result)
            result = check_contents(arena, &part);
        while (page < extent_end(&part) && !result) {
            result = nodes_reserve(arena->nodes, READY_NODES);
            if (!result)
                result = make_private(arena, &page, extent_end(&part));
        }
    }
    return result;
}
