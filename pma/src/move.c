/* SPDX-License-Identifier: MIT */
/*
 * Moves pages to another address: the entries of the directory change, then the kernel's mappings
 * follow, extent by extent. Content stays where it is, in its blocks or in private memory. What
 * fails halfway is taken back.
 */
#include <errno.h>

#include "budget.h"
#include "lazy.h"
#include "mappings.h"
#include "operations.h"
#include "os.h"
#include "reserve.h"
#include "space.h"
#include "spans.h"

struct move {
    struct pma *arena;
    uint64_t from, to, pages;
    unsigned flags;
    struct spans spans; /* at the source; flags are kept up to date */
};

static struct span target_of(const struct move *move, const struct span *span)
{
    struct span target = *span;

    target.extent.page += move->to - move->from;
    if (move->flags & (PMA_MOVE_PERSISTENT | PMA_MOVE_EPHEMERAL))
        target.ephemeral = move->flags & PMA_MOVE_EPHEMERAL;
    return target;
}

/*
 * A store to an ephemeral page must not reach a block that the next sync would write. Sealing may
 * give mappings back, so the spans are looked up again.
 */
static int seal_for_ephemeral(struct move *move)
{
    int result = 0;

    for (size_t i = 0; i < move->spans.count && !result; i++) {
        if (move->spans.items[i].extent.flags & EXTENT_WRITABLE)
            result = pages_seal(move->arena, &move->spans.items[i].extent, 1);
    }
    spans_free(&move->spans);
    return result ? result : spans_gather(move->arena, move->from, move->pages, &move->spans);
}

static int remove_entries(struct move *move, uint64_t page)
{
    int result = directory_remove(&move->arena->persistent, page, move->pages);

    return result ? result : directory_remove(&move->arena->ephemeral, page, move->pages);
}

static int put_entries(struct move *move, bool at_target)
{
    int result = 0;

    for (size_t i = 0; i < move->spans.count && !result; i++) {
        struct span span = move->spans.items[i];

        if (at_target)
            span = target_of(move, &span);
        result = directory_put(pages_tree(move->arena, span.ephemeral), &span.extent);
    }
    return result;
}

static void take_entries_back(struct move *move, int cause)
{
    int result = remove_entries(move, move->to);

    if (!result)
        result = put_entries(move, false);
    if (result)
        arena_poison(move->arena, cause);
}

static int move_entries(struct move *move)
{
    int result = remove_entries(move, move->from);

    if (!result)
        result = put_entries(move, true);
    if (result)
        take_entries_back(move, result);
    return result;
}

/*
 * Private memory of one extent can consist of several kernel mappings, of which Linux before 6.17
 * moves only one a call. If it fails all is where it was, and the target may be unmapped.
 */
static int remap(struct pma *arena, uint64_t to, uint64_t from, uint64_t pages,
                 enum fault_point point)
{
    const uint64_t half = pages / 2;
    int result = mapping_move(arena, to, from, pages, point);

    if (result != -EFAULT || half == 0)
        return result;
    result = remap(arena, to, from, half, point);
    if (result)
        return result;
    result = remap(arena, to + half, from + half, pages - half, point);
    if (result && remap(arena, from, to, half, FAULT_NONE))
        arena_poison(arena, result);
    return result;
}

static int checksum_blocks(struct pma *arena, const struct extent *extent)
{
    void *buffer = os_memory(PMA_PAGE_SIZE, FAULT_NONE);
    int result = buffer ? 0 : -ENOMEM;

    for (uint64_t block = extent->block; !result && block < extent->block + extent->length;
         block++) {
        result = os_read(arena->fd, buffer, PMA_PAGE_SIZE, block * PMA_PAGE_SIZE, FAULT_NONE);
        if (!result)
            result = sums_set(&arena->sums, block, format_checksum(buffer, PMA_PAGE_SIZE));
    }
    os_memory_free(buffer, PMA_PAGE_SIZE);
    return result;
}

static int unmap(struct pma *arena, const struct extent *extent)
{
    return mapping_nothing(arena, extent->page, extent->length, FAULT_NONE);
}

/* Blocks need no mapping to stay what they are: the next access at the target maps them. */
static int leave_unmapped(struct move *move, struct span *span)
{
    const struct span target = target_of(move, span);
    const uint8_t gone = EXTENT_WRITABLE | EXTENT_MAPPED;
    struct pma *arena = move->arena;
    int result = 0;

    if (span->extent.flags & EXTENT_WRITABLE)
        result = checksum_blocks(arena, &span->extent);
    if (!result)
        result = directory_flag(pages_tree(arena, target.ephemeral), target.extent.page,
                                target.extent.length, gone, 0);
    if (result)
        return result;
    span->extent.flags &= (uint8_t)~gone;
    result = unmap(arena, &span->extent);
    return result ? result : unmap(arena, &target.extent);
}

static int move_mapping(struct move *move, struct span *span)
{
    const struct span target = target_of(move, span);
    const bool private = span->extent.flags & EXTENT_PRIVATE;
    struct pma *arena = move->arena;
    unsigned char *from = arena_address(arena, span->extent.page);
    int result;

    /* With lazy copying, a mapping of blocks under persistent pages is a watch, and nothing else.
     */
    if (!(span->extent.flags & EXTENT_MAPPED) ||
        (target.ephemeral && !private && !span->extent.block) ||
        (arena->lazy && !target.ephemeral && !private))
        return leave_unmapped(move, span);
    result = remap(arena, target.extent.page, span->extent.page, span->extent.length, FAULT_REMAP);
    if (!result) {
        result = os_reserve(from, extent_bytes(&span->extent), FAULT_NONE);
        return result ? arena_poison(arena, result) : 0;
    }
    /* The kernel may have unmapped the target before it failed. */
    if (private)
        return unmap(arena, &target.extent) ? arena_poison(arena, result) : result;
    return leave_unmapped(move, span);
}

static void move_mapping_back(struct move *move, const struct span *span)
{
    const struct span target = target_of(move, span);
    struct pma *arena = move->arena;
    unsigned char *to = arena_address(arena, target.extent.page);
    int result;

    if (!(span->extent.flags & EXTENT_MAPPED))
        return;
    result = remap(arena, span->extent.page, target.extent.page, span->extent.length, FAULT_NONE);
    if (!result)
        result = os_reserve(to, extent_bytes(&span->extent), FAULT_NONE);
    if (result)
        arena_poison(arena, result);
}

static int move_mappings(struct move *move)
{
    size_t moved = 0;
    int result = 0;

    while (moved < move->spans.count && !result) {
        result = move_mapping(move, &move->spans.items[moved]);
        moved += result == 0;
    }
    if (!result)
        return 0;
    arena_fail(move->arena, result, "move of pages %lu to %lu to page %lu", move->from,
               move->from + move->pages - 1, move->to);
    while (moved > 0)
        move_mapping_back(move, &move->spans.items[--moved]);
    take_entries_back(move, result);
    return result;
}

/*
 * Pages that were stored to move as private memory, the others without a mapping. Below such memory
 * can be a mapping of the file, which is no place for ephemeral pages: they would be lost with the
 * end of the file.
 */
static int leave_watch(struct pma *arena, uint64_t page, uint64_t pages, unsigned flags)
{
    return arena->lazy && flags & PMA_MOVE_EPHEMERAL ? evict_pages(arena, page, pages)
                                                     : lazy_release(arena, page, pages);
}

static int move_anywhere(struct pma *arena, uint64_t to, uint64_t from, uint64_t pages,
                         unsigned flags)
{
    enum { SLACK = 64 }; /* nodes, for the levels of both directories */
    struct move move = {.arena = arena, .from = from, .to = to, .pages = pages, .flags = flags};
    int result = space_ready(arena);

    if (!result)
        result = leave_watch(arena, from, pages, flags);
    if (!result)
        result = spans_gather(arena, from, pages, &move.spans);
    if (!result)
        result = pages_check_free(arena, to, pages);
    if (!result && (flags & PMA_MOVE_EPHEMERAL))
        result = seal_for_ephemeral(&move);
    if (!result)
        result = nodes_reserve(arena->nodes, 2 * move.spans.count + SLACK);
    if (!result)
        result = move_entries(&move);
    if (!result)
        result = move_mappings(&move);
    if (!result)
        arena->moved_pages += pages;
    budget_keep(arena, to, pages);
    spans_free(&move.spans);
    return result;
}

int move_pages(struct pma *arena, uint64_t to, uint64_t from, uint64_t pages, unsigned flags)
{
    int result = reserve_check_free(arena, to, pages);

    return result ? result : move_anywhere(arena, to, from, pages, flags);
}

/* Whether all of a range is private memory that is there. */
static bool is_private(struct pma *arena, uint64_t page, uint64_t pages)
{
    const uint8_t wanted = EXTENT_PRIVATE | EXTENT_MAPPED;
    const uint64_t end = page + pages;
    struct span span;

    for (; page < end; page = extent_end(&span.extent)) {
        if (pages_find(arena, page, &span) || !span.ephemeral ||
            (span.extent.flags & wanted) != wanted)
            return false;
    }
    return true;
}

/* What is private and ephemeral before is so afterwards: the directory does not change. */
static int replace_private(struct pma *arena, uint64_t to, uint64_t from, uint64_t pages)
{
    int result = remap(arena, to, from, pages, FAULT_REMAP);

    if (!result) {
        result = mapping_private(arena, from, pages, true, FAULT_MAP);
        if (!result) {
            arena->moved_pages += pages;
            budget_keep(arena, to, pages);
            return 0;
        }
        if (remap(arena, from, to, pages, FAULT_NONE))
            arena_poison(arena, result);
    }
    arena_fail(arena, result, "move of pages %lu to %lu over page %lu", from, from + pages - 1, to);
    if (mapping_private(arena, to, pages, true, FAULT_NONE))
        arena_poison(arena, result);
    return result;
}

/* Pages that are not in memory move without coming back to it, and fresh ones are holes. */
static int replace_entries(struct pma *arena, uint64_t to, uint64_t from, uint64_t pages)
{
    int result = free_pages(arena, to, pages), other;

    if (result)
        return result;
    result = move_anywhere(arena, to, from, pages, 0);
    other = pages_put(arena, true, result ? to : from, pages, 0);
    return other ? arena_poison(arena, other) : result;
}

int replace_pages(struct pma *arena, uint64_t to, uint64_t from, uint64_t pages)
{
    return is_private(arena, from, pages) && is_private(arena, to, pages)
               ? replace_private(arena, to, from, pages)
               : replace_entries(arena, to, from, pages);
}
