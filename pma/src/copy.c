/* SPDX-License-Identifier: MIT */
/*
 * How content gets from one place to another: from committed to fresh blocks, from a block to
 * private memory, and from private memory to a block. Each records the new state before it changes
 * a mapping, since that is the half that can be undone without the kernel.
 */
#include <errno.h>
#include <string.h>

#include "budget.h"
#include "lazy.h"
#include "mappings.h"
#include "os.h"
#include "pages.h"
#include "space.h"

enum {
    LONGEST_RUN = 16,
    READY_NODES = 180 /* for a change of the directory, its undoing, and giving mappings back */
};

static int write_zeros(struct pma *arena, uint64_t block, uint64_t count)
{
    static const unsigned char zeros[LONGEST_RUN * PMA_PAGE_SIZE];
    uint64_t step;
    int result = 0;

    for (; count > 0 && !result; block += step, count -= step) {
        step = count < LONGEST_RUN ? count : LONGEST_RUN;
        result =
            os_write(arena->fd, zeros, step * PMA_PAGE_SIZE, block * PMA_PAGE_SIZE, FAULT_COW_COPY);
    }
    return result;
}

/* Reading what is not mapped costs less than mapping it for once. */
static int copy_blocks(struct pma *arena, const struct extent *old, uint64_t block)
{
    const void *content = arena_address(arena, old->page);
    int result = 0;

    if (!mapping_exists(arena, old)) {
        content = arena->staging;
        result = pages_may_map(arena, old);
        if (!result)
            result = os_read(arena->fd, arena->staging, extent_bytes(old),
                             old->block * PMA_PAGE_SIZE, FAULT_NONE);
    }
    if (!result)
        result =
            os_write(arena->fd, content, extent_bytes(old), block * PMA_PAGE_SIZE, FAULT_COW_COPY);
    return result == -EFAULT ? -EIO : result; /* what is mapped cannot be read from the disk */
}

/* What is given back for it lies outside `kept`, of which the extent is a part. */
static int map_blocks(struct pma *arena, const struct extent *extent, const struct extent *kept,
                      bool writable)
{
    int result;

    do
        result = mapping_file(arena, extent, writable, FAULT_MAP);
    while (result == -ENOMEM && pages_relieve(arena, kept->page, kept->length, true));
    return result ? arena_fail(arena, result, "map of pages %lu to %lu", extent->page,
                               extent_end(extent) - 1)
                  : 0;
}

/* Takes a change of the directory back. */
static void restore(struct pma *arena, bool ephemeral, const struct extent *old)
{
    int result = directory_put(pages_tree(arena, ephemeral), old);

    if (result)
        arena_poison(arena, result);
}

static int copy_to_blocks(struct pma *arena, struct span *span, uint64_t page, uint64_t want,
                          uint64_t *got)
{
    struct extent old, fresh = {.page = page, .flags = EXTENT_WRITABLE | EXTENT_MAPPED};
    int result = nodes_reserve(arena->nodes, READY_NODES);

    if (!result)
        result = space_take_data(arena, want, &fresh.block, got);
    if (result)
        return result;
    fresh.length = (uint32_t)*got;
    old = extent_clip(&span->extent, page, page + *got);
    result =
        old.block ? copy_blocks(arena, &old, fresh.block) : write_zeros(arena, fresh.block, *got);
    if (result) {
        arena_fail(arena, result, "copy of page %lu to block %lu", page, fresh.block);
        goto drop;
    }
    result = directory_put(&arena->persistent, &fresh);
    if (result)
        goto drop;
    result = map_blocks(arena, &fresh, &fresh, true);
    if (result) {
        restore(arena, false, &old);
        goto drop;
    }
    if (old.block)
        space_drop(arena, old.block, old.length);
    arena->copied_pages += *got;
    return 0;

drop:
    space_drop(arena, fresh.block, fresh.length);
    return result;
}

/* Puts pages under private memory that is filled already, so that no thread sees it half done. */
static int move_in(struct pma *arena, const struct extent *private, void *memory)
{
    int result = mapping_adopt(arena, private->page, private->length, memory);

    if (!result)
        return 0;
    /* The kernel may have unmapped the pages before it failed. */
    if (mapping_nothing(arena, private->page, private->length, FAULT_NONE))
        arena_poison(arena, result);
    return arena_fail(arena, result, "private memory for page %lu", private->page);
}

static int read_old(struct pma *arena, const struct span *span, const struct extent *old,
                    void *memory)
{
    int result = pages_may_map(arena, old);

    if (result)
        return result;
    if (old->block)
        result = os_read(arena->fd, memory, extent_bytes(old), old->block * PMA_PAGE_SIZE,
                         span->ephemeral ? FAULT_EVICT_REFAULT : FAULT_NONE);
    else
        memset(memory, 0, extent_bytes(old));
    return result
               ? arena_fail(arena, result, "read of page %lu from block %lu", old->page, old->block)
               : 0;
}

/*
 * A page whose change cannot be recorded goes to the list of stranded ones. That is so while the
 * free blocks are not known either: they are derived from the directory as it is on disk.
 */
static int record_private(struct pma *arena, const struct span *span, const struct extent *private,
                          bool *stranded)
{
    int result = -ENOMEM;

    if (span->ephemeral || arena->blocks)
        result = directory_put(pages_tree(arena, span->ephemeral), private);
    *stranded = result && !span->ephemeral && private->length == 1 &&
                arena->stranded_count < ARENA_STRANDED;
    if (!*stranded)
        return result;
    arena->stranded[arena->stranded_count++] = private->page;
    return 0;
}

static int copy_to_private(struct pma *arena, struct span *span, uint64_t page, uint64_t length)
{
    const struct extent old = extent_clip(&span->extent, page, page + length);
    const struct extent private = {
        .page = page, .length = old.length, .flags = EXTENT_PRIVATE | EXTENT_MAPPED};
    void *memory = os_memory(extent_bytes(&old), span->ephemeral ? FAULT_NONE : FAULT_PRIVATE_COPY);
    bool stranded;
    int result;

    if (!memory)
        return arena_fail(arena, -ENOMEM, "private memory for page %lu", page);
    result = read_old(arena, span, &old, memory);
    if (!result)
        result = record_private(arena, span, &private, &stranded);
    if (result)
        goto free_memory;
    result = move_in(arena, &private, memory);
    if (result) {
        if (stranded)
            arena->stranded_count--;
        else
            restore(arena, span->ephemeral,
                    &(struct extent){old.page, old.block, old.length,
                                     old.flags & (uint8_t)~EXTENT_MAPPED});
        goto free_memory;
    }
    if (!stranded && old.block)
        space_drop(arena, old.block, old.length);
    return 0;

free_memory:
    os_memory_free(memory, extent_bytes(&old));
    return result;
}

/* The first pages of an extent whose blocks no snapshot names, as eviction leaves them. */
static uint32_t born_pages(const struct pma *arena, const struct extent *extent)
{
    uint32_t count = 0;

    if (!extent->block || !arena->blocks || arena->verify)
        return 0;
    while (count < extent->length && blocks_is_born(arena->blocks, extent->block + count))
        count++;
    return count;
}

/* Such blocks take stores where they are. */
static int open_in_place(struct pma *arena, const struct extent *born)
{
    struct extent opened = *born, before = *born;
    int result = nodes_reserve(arena->nodes, READY_NODES);

    opened.flags = EXTENT_WRITABLE | EXTENT_MAPPED;
    before.flags = 0;
    if (!result)
        result = directory_put(&arena->persistent, &opened);
    if (result)
        return result;
    result = map_blocks(arena, &opened, &opened, true);
    if (result)
        restore(arena, false, &before);
    return result;
}

static int make_writable(struct pma *arena, struct span *span, uint64_t page, uint64_t want,
                         uint64_t *got)
{
    const struct extent part = extent_clip(&span->extent, page, page + want);
    const uint32_t born = born_pages(arena, &part);

    *got = part.length;
    if (span->extent.flags & (EXTENT_WRITABLE | EXTENT_PRIVATE))
        return 0;
    if (!span->ephemeral && arena->lazy)
        return lazy_map(arena, &part);
    if (!span->ephemeral && born > 0) {
        *got = born;
        return open_in_place(arena, &(struct extent){page, part.block, born, 0});
    }
    if (!span->ephemeral)
        return copy_to_blocks(arena, span, page, *got, got);
    return part.block ? copy_to_private(arena, span, page, *got) : pages_map(arena, span, &part);
}

int pages_make_writable(struct pma *arena, uint64_t page, uint64_t want, uint64_t *got)
{
    struct span span;
    int result;

    /* Nodes and tables are mappings too: with too many, they cannot be had either. */
    do {
        result = pages_find(arena, page, &span);
        if (!result)
            result = make_writable(arena, &span, page, want, got);
    } while (result == -ENOMEM && pages_relieve(arena, page, 1, true));
    return result;
}

static int write_out_run(struct pma *arena, const struct span *span, uint64_t page, bool mapped,
                         enum fault_point point, uint64_t *got)
{
    const uint64_t rest = extent_end(&span->extent) - page;
    struct extent clean = {.page = page, .flags = mapped && !arena->lazy ? EXTENT_MAPPED : 0};
    unsigned char *address = arena_address(arena, page);
    int result = space_take_data(arena, rest, &clean.block, got);

    if (result)
        return result;
    clean.length = (uint32_t)*got;
    result = os_write(arena->fd, address, extent_bytes(&clean), clean.block * PMA_PAGE_SIZE, point);
    if (result) {
        arena_fail(arena, result, "write of page %lu to block %lu", page, clean.block);
        goto drop;
    }
    for (uint32_t i = 0; i < clean.length && !result; i++)
        result = sums_set(&arena->sums, clean.block + i,
                          format_checksum(address + (size_t)i * PMA_PAGE_SIZE, PMA_PAGE_SIZE));
    if (!result)
        result = directory_put(pages_tree(arena, span->ephemeral), &clean);
    if (result)
        goto drop;
    if (!mapped)
        result = mapping_nothing(arena, page, clean.length, FAULT_UNMAP);
    else
        result = arena->lazy ? lazy_adopt(arena, &clean)
                             : map_blocks(arena, &clean, &span->extent, false);
    if (result) {
        const struct extent old = extent_clip(&span->extent, page, page + *got);

        arena_fail(arena, result, "give back the memory of page %lu", page);
        restore(arena, span->ephemeral, &old);
        goto drop;
    }
    return 0;

drop:
    space_drop(arena, clean.block, clean.length);
    return result;
}

int pages_write_out(struct pma *arena, const struct span *span, bool mapped, enum fault_point point)
{
    const struct extent *extent = &span->extent;
    uint64_t page = extent->page, got = 0;
    int result = mapping_protect(arena, page, extent->length, false, FAULT_PROTECT);

    if (result)
        return arena_fail(arena, result, "write-protect pages %lu to %lu", page,
                          extent_end(extent) - 1);
    for (; page < extent_end(extent) && !result; page += result ? 0 : got)
        result = write_out_run(arena, span, page, mapped, point, &got);
    /* If this fails as well, the next store faults and is answered then. */
    if (result)
        mapping_protect(arena, page, extent_end(extent) - page, true, FAULT_NONE);
    return result;
}

/* Where mappings had to be given back meanwhile, some of it may have been written already. */
static int settle(struct pma *arena, const struct extent *private)
{
    uint64_t page = private->page;
    struct span span;
    int result = 0;

    while (page < extent_end(private) && !result) {
        result = pages_find(arena, page, &span);
        if (result)
            break;
        span.extent = extent_clip(&span.extent, page, extent_end(private));
        page = extent_end(&span.extent);
        if (span.extent.flags & EXTENT_PRIVATE)
            result = pages_write_out(arena, &span, true, FAULT_PRIVATE_WRITE);
    }
    return result;
}

int pages_settle(struct pma *arena)
{
    enum { BATCH = 64 };
    struct extent extents[BATCH];
    uint64_t from = 0;
    size_t count;
    int result = 0;

    do {
        count = pages_gather(arena, EXTENT_PRIVATE, from, extents, BATCH);
        for (size_t i = 0; i < count && !result; i++) {
            from = extent_end(&extents[i]);
            result = settle(arena, &extents[i]);
        }
    } while (count == BATCH && !result);
    if (!result)
        arena->owed_pages = 0;
    return result;
}

int pages_rescue(struct pma *arena)
{
    struct span span;
    struct extent old;
    uint64_t page;
    int result = arena->stranded_count > 0 ? space_ready(arena) : 0;

    while (arena->stranded_count > 0 && !result) {
        page = arena->stranded[arena->stranded_count - 1];
        result = pages_find(arena, page, &span);
        if (result)
            break;
        old = extent_clip(&span.extent, page, page + 1);
        result = directory_put(
            &arena->persistent,
            &(struct extent){.page = page, .length = 1, .flags = EXTENT_PRIVATE | EXTENT_MAPPED});
        if (result)
            break;
        arena->stranded_count--;
        if (old.block)
            space_drop(arena, old.block, 1);
    }
    return result;
}

/* The kernel and the directory cannot disagree for ever: another thread may have been faster, but
 * not that often. */
static bool goes_in_circles(struct pma *arena, uint64_t page)
{
    enum { PATIENCE = 1000 };

    arena->same_faults = page == arena->last_fault ? arena->same_faults + 1 : 0;
    arena->last_fault = page;
    return arena->same_faults > PATIENCE;
}

static bool answer_load(struct pma *arena, const struct span *span, uint64_t page)
{
    const struct extent window = budget_window(arena, &span->extent, page);

    if (span->extent.flags & EXTENT_MAPPED)
        return !goes_in_circles(arena, page);
    if (pages_map(arena, span, &window))
        return false;
    budget_keep_in_fault(arena, window.page, window.length);
    return true;
}

static bool answer_store(struct pma *arena, uint64_t page)
{
    struct span span;
    uint64_t want = 1, got;

    if (page == arena->run_end)
        want = arena->run_length * 2 < LONGEST_RUN ? arena->run_length * 2 : LONGEST_RUN;
    want = budget_step(arena, want);
    /* A poisoned arena writes nothing any more, but the program may go on in memory. */
    if (!arena->poison && pages_make_writable(arena, page, want, &got) == 0) {
        arena->run_end = page + got;
        arena->run_length = got;
        budget_keep_in_fault(arena, page, got);
        return true;
    }
    if (pages_find(arena, page, &span) || copy_to_private(arena, &span, page, 1))
        return false;
    arena->owed_pages += !span.ephemeral;
    return true;
}

/* A page that is writable already: another thread was faster, or protection was not taken back. */
static bool open_again(struct pma *arena, const struct span *span, uint64_t page)
{
    const struct extent part = extent_clip(&span->extent, page, page + 1);

    if (goes_in_circles(arena, page))
        return false;
    if (part.flags & EXTENT_WRITABLE)
        return map_blocks(arena, &part, &part, true) == 0;
    return mapping_protect(arena, page, 1, true, FAULT_NONE) == 0;
}

/* With lazy copying an access maps what is around it, and then loads and stores go through. */
static bool answer_lazily(struct pma *arena, struct span *span, uint64_t page, bool store)
{
    const struct extent affordable = budget_window(arena, &span->extent, page);
    const struct extent window = lazy_window(&affordable, page);
    const struct extent alone = extent_clip(&window, page, page + 1);

    if (lazy_is_watched(arena, page))
        return !goes_in_circles(arena, page) &&
               mapping_protect(arena, page, 1, true, FAULT_NONE) == 0;
    if (lazy_map(arena, &window) == 0 || lazy_map(arena, &alone) == 0) {
        budget_keep_in_fault(arena, window.page, window.length);
        return true;
    }
    if (!store || copy_to_private(arena, span, page, 1))
        return false;
    arena->owed_pages++;
    return true;
}

bool pages_fault(struct pma *arena, uint64_t page, bool store)
{
    struct span span;

    if (arena->poison == PMA_EBUG)
        return false;
    /* If it fails, what is stranded stays so; pages_map sees to it that nothing is mapped over. */
    pages_rescue(arena);
    if (pages_find(arena, page, &span))
        return false;
    if (span.extent.flags & (EXTENT_WRITABLE | EXTENT_PRIVATE))
        return open_again(arena, &span, page);
    if (arena->lazy && !span.ephemeral)
        return answer_lazily(arena, &span, page, store);
    if (!store)
        return answer_load(arena, &span, page);
    return !arena->read_only && answer_store(arena, page);
}
