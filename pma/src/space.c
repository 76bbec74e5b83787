/* SPDX-License-Identifier: MIT */
#include "space.h"

#include <errno.h>
#include <string.h>

#include "lazy.h"
#include "os.h"

enum {
    GROW_LEAST = 64,   /* blocks, unless the options say otherwise */
    GROW_SHARE = 8,    /* of the file */
    GROW_MOST = 65536, /* so that nobody waits long for it, and large files waste little */
    READY_BLOCKS = 16  /* kept for the fault handler: its longest run */
};

typedef void mark_block(struct blocks *blocks, uint64_t block);

struct marking {
    struct pma *arena;
    struct blocks *blocks;
    mark_block *mark;
};

static int mark_node(void *context, uint64_t block)
{
    const struct marking *marking = context;

    marking->mark(marking->blocks, block);
    return 0;
}

static int mark_extent(void *context, const struct extent *extent)
{
    const struct marking *marking = context;

    if (!extent->block)
        return 0;
    if (extent->block < FORMAT_META_BLOCKS || extent->block > marking->arena->file_blocks ||
        extent->length > marking->arena->file_blocks - extent->block)
        return arena_fail(marking->arena, PMA_ECORRUPT,
                          "page %lu has blocks %lu to %lu, the file has %lu blocks", extent->page,
                          extent->block, extent->block + extent->length - 1,
                          marking->arena->file_blocks);
    for (uint32_t i = 0; i < extent->length; i++)
        marking->mark(marking->blocks, extent->block + i);
    return 0;
}

/* Keeps what is known already of the place of the damage. */
static int tree_failed(struct pma *arena, int result, const char *tree,
                       const struct format_ref *root)
{
    return result && arena->error.code != result
               ? arena_fail(arena, result, "%s below block %lu", tree, root->block)
               : result;
}

static int mark_trees(struct marking *marking, struct directory *directory, struct sums *sums)
{
    int result = directory_each_node(directory, mark_node, marking);

    if (!result)
        result = directory_each(directory, 0, mark_extent, marking);
    if (result)
        return tree_failed(marking->arena, result, "page directory", &directory->root_ref);
    return tree_failed(marking->arena, sums_each_node(sums, mark_node, marking), "checksum tree",
                       &sums->root_ref);
}

/* What the older meta page names must outlive the next snapshot. */
static int mark_other(struct marking *marking)
{
    struct pma *arena = marking->arena;
    struct directory directory;
    struct sums sums;
    int result;

    directory_init(&directory, arena->nodes, &arena->host, arena->fanout, &arena->other.directory,
                   arena->other.extents, arena->other.pages);
    sums_init(&sums, arena->nodes, &arena->host, &arena->other.sums);
    result = mark_trees(marking, &directory, &sums);
    directory_deinit(&directory);
    sums_deinit(&sums);

    /* An older snapshot that is damaged does not make the newest unusable. What could be read of it
     * is kept, and the text of the damage stays for pma_last_error. */
    return result == PMA_ECORRUPT ? 0 : result;
}

/*
 * A view can be older than both meta pages, if the writer that it was opened beside is gone: its
 * blocks may be any that no meta page names.
 */
static void hold_unknown(struct pma *arena, struct blocks *blocks)
{
    const uint64_t known = arena->older ? arena->older : arena->snapshot;
    struct pins pins;

    if (arena->read_only)
        return;
    pins_ask(arena->fd, known - 1, &pins);
    blocks_hold_free(blocks, known - 1, &pins);
}

int space_ready(struct pma *arena)
{
    struct marking marking = {.arena = arena};
    int result;

    if (arena->blocks)
        return 0;
    result = fault_hit(FAULT_RECOVER_SPACE);
    if (result < 0)
        return arena_fail(arena, result, "read of the trees to find the free blocks");
    result = blocks_new(arena->file_blocks, &marking.blocks);
    if (result)
        return arena_fail(arena, result, "memory for a table of %lu blocks", arena->file_blocks);

    marking.mark = blocks_mark_committed;
    result = mark_trees(&marking, &arena->persistent, &arena->sums);
    if (!result && arena->other.snapshot) {
        marking.mark = blocks_mark_limbo;
        result = mark_other(&marking);
    }
    if (result) {
        blocks_free(marking.blocks);
        return result;
    }
    hold_unknown(arena, marking.blocks);
    arena->blocks = marking.blocks;
    return 0;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Makes the file longer by a good step, or on a disk that is nearly full by what still fits. */
static int grow(struct pma *arena, uint64_t least)
{
    /* What views hold comes back one day and is no reason for a larger step. */
    const uint64_t own = arena->file_blocks - blocks_count_held(arena->blocks);
    const uint64_t share = smaller(own / GROW_SHARE, GROW_MOST);
    uint64_t step =
        larger(least, larger(arena->grow_blocks ? arena->grow_blocks : GROW_LEAST, share));
    int result;

    for (;; step /= 2) {
        result = os_allocate(arena->fd, arena->file_blocks * PMA_PAGE_SIZE, step * PMA_PAGE_SIZE,
                             FAULT_GROW);
        if (!result || step / 2 < least)
            break;
    }
    if (!result)
        result = blocks_grow(arena->blocks, arena->file_blocks + step);
    if (result)
        return arena_fail(arena, result, "growth of the file from %lu blocks by %lu",
                          arena->file_blocks, step);
    arena->file_blocks += step;
    return 0;
}

/* What the next snapshot writes besides data: nodes dirty now, those that the checksums of data
 * taken since will make dirty, and new levels of the trees. */
static uint64_t blocks_for_nodes(const struct pma *arena)
{
    enum { NEW_LEVELS = 4 };

    return directory_dirty_nodes(&arena->persistent) + sums_dirty_nodes(&arena->sums) +
           (arena->limit ? arena->limit : arena->file_blocks) / FORMAT_SUMS_LEAF + NEW_LEVELS;
}

static int ensure(struct pma *arena, uint64_t blocks)
{
    if (blocks_count_ready(arena->blocks) < blocks)
        space_review(arena);
    if (blocks_count_ready(arena->blocks) < blocks && arena->limit)
        space_limit(arena, 0);
    if (blocks_count_ready(arena->blocks) < blocks)
        return grow(arena, blocks - blocks_count_ready(arena->blocks));
    return 0;
}

int space_take_data(struct pma *arena, uint64_t want, uint64_t *first, uint64_t *got)
{
    int result = space_ready(arena);
    uint64_t kept, ready;

    if (result)
        return result;
    kept = blocks_for_nodes(arena);
    result = ensure(arena, kept + want);
    if (result)
        result = ensure(arena, kept + 1);
    if (result)
        return result;
    ready = blocks_count_ready(arena->blocks) - kept;
    return blocks_take(arena->blocks, smaller(want, ready), first, got);
}

uint64_t space_spare(const struct pma *arena)
{
    const uint64_t kept = blocks_for_nodes(arena), ready = blocks_count_ready(arena->blocks);

    return ready > kept ? ready - kept : 0;
}

int space_take_spare(struct pma *arena, uint64_t want, uint64_t *first, uint64_t *got)
{
    const uint64_t spare = space_spare(arena);

    return spare ? blocks_take(arena->blocks, smaller(want, spare), first, got) : -ENOSPC;
}

int space_take_node(struct pma *arena, uint64_t *block)
{
    uint64_t got;
    int result = ensure(arena, 1);

    return result ? result : blocks_take(arena->blocks, 1, block, &got);
}

/*
 * Where free blocks lie one by one between others, a snapshot takes as many writes as it has
 * blocks. A file of twice the blocks in use has them in runs (docs/copying.md).
 */
static int make_runs(struct pma *arena)
{
    enum { LARGE = 16384 }; /* in a small file it does not matter */
    const uint64_t end = arena->file_blocks;
    int result = 0;

    if (end >= LARGE && end < 2 * blocks_count_used(arena->blocks) &&
        blocks_are_scattered(arena->blocks))
        result = grow(arena, 1);
    if (arena->file_blocks > end)
        blocks_seek(arena->blocks, end);
    return result;
}

void space_top_up(struct pma *arena)
{
    struct pma_error kept;

    if (!arena->blocks || arena->limit)
        return;
    kept = arena->error;
    if (ensure(arena, blocks_for_nodes(arena) + READY_BLOCKS) || make_runs(arena))
        arena->error = kept; /* nobody has asked for these blocks yet */
}

void space_limit(struct pma *arena, uint64_t limit)
{
    arena->limit = limit;
    blocks_limit(arena->blocks, limit ? limit : UINT64_MAX);
}

uint64_t space_least(const struct pma *arena)
{
    const uint64_t used = blocks_count_used(arena->blocks);

    return used + blocks_for_nodes(arena) + READY_BLOCKS;
}

uint64_t space_recorded_length(const struct pma *arena)
{
    return arena->limit ? larger(arena->limit, blocks_used_end(arena->blocks)) : arena->file_blocks;
}

int space_truncate(struct pma *arena)
{
    const uint64_t recorded = larger(arena->recorded_blocks[0], arena->recorded_blocks[1]);
    const uint64_t length = larger(recorded, blocks_end(arena->blocks));
    int result;

    if (length >= arena->file_blocks || !lazy_leave_file(arena))
        return 0;
    result = os_truncate(arena->fd, length * PMA_PAGE_SIZE, FAULT_SHRINK_TRUNCATE);
    if (result)
        return arena_fail(arena, result, "truncation of the file from %lu blocks to %lu",
                          arena->file_blocks, length);
    if (blocks_shrink(arena->blocks, length))
        return arena_bug(arena, "blocks behind the end of the file were in use");
    arena->file_blocks = length;
    return 0;
}

void space_drop(struct pma *arena, uint64_t first, uint64_t count)
{
    if (blocks_drop(arena->blocks, first, count))
        arena_bug(arena, "blocks were dropped that were not in use");
}

void space_acknowledge(struct pma *arena, uint64_t number)
{
    struct pins pins;

    pins_ask(arena->fd, arena->snapshot, &pins);
    blocks_hold(arena->blocks, number, arena->older, &pins);
    blocks_acknowledge(arena->blocks);
}

void space_review(struct pma *arena)
{
    struct pins pins;

    if (blocks_count_held(arena->blocks) == 0)
        return;
    pins_ask(arena->fd, arena->snapshot, &pins);
    blocks_review(arena->blocks, &pins);
}
