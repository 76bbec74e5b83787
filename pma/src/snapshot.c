/* SPDX-License-Identifier: MIT */
/* docs/format.md, "Taking a snapshot": the order of the steps is the whole point. */
#include <string.h>

#include "lazy.h"
#include "operations.h"
#include "os.h"
#include "space.h"

static int seal_writable(struct pma *arena)
{
    enum { BATCH = 256 };
    struct extent extents[BATCH];
    uint64_t from = 0;
    size_t count;
    int result = 0;

    do {
        count = pages_gather(arena, EXTENT_WRITABLE, from, extents, BATCH);
        if (count == 0)
            break;
        from = extent_end(&extents[count - 1]);
        result = pages_seal(arena, extents, count);
    } while (count == BATCH && !result);
    return result;
}

/* Nodes on blocks that follow each other, to be written in one go. */
struct gathered {
    struct pma *arena;
    uint64_t block;
    size_t count;
};

static int take_block(void *context, uint64_t *block)
{
    const struct gathered *nodes = context;

    return space_take_node(nodes->arena, block);
}

static int write_gathered(struct gathered *nodes)
{
    struct pma *arena = nodes->arena;
    const size_t count = nodes->count;
    int result = 0;

    nodes->count = 0;
    if (count > 0)
        result = os_write(arena->fd, arena->staging, count * PMA_PAGE_SIZE,
                          nodes->block * PMA_PAGE_SIZE, FAULT_NODE_WRITE);
    return result ? arena_fail(arena, result, "write of tree nodes to blocks %lu to %lu",
                               nodes->block, nodes->block + count - 1)
                  : 0;
}

static int gather_node(void *context, uint64_t block, const void *bytes)
{
    struct gathered *nodes = context;
    int result = 0;

    if (nodes->count == ARENA_STAGING || block != nodes->block + nodes->count)
        result = write_gathered(nodes);
    if (nodes->count == 0)
        nodes->block = block;
    memcpy(nodes->arena->staging + nodes->count * PMA_PAGE_SIZE, bytes, PMA_PAGE_SIZE);
    nodes->count += result == 0;
    return result;
}

static int gather_trees(struct pma *arena, uint64_t number, struct format_meta *meta)
{
    struct gathered nodes = {.arena = arena};
    const struct directory_writer writer = {&nodes, take_block, gather_node, number};
    int result;

    space_top_up(arena);
    result = directory_write(&arena->persistent, &writer, &meta->directory);
    /* The shape of the checksum tree follows from the file's length: again if a node of it did not
     * fit into that. */
    do {
        meta->file_blocks = space_recorded_length(arena);
        if (!result && arena->limit)
            result = sums_cut(&arena->sums, meta->file_blocks);
        if (!result)
            result = sums_write(&arena->sums, &writer, meta->file_blocks, &meta->sums);
    } while (!result && space_recorded_length(arena) > meta->file_blocks);
    return result ? result : write_gathered(&nodes);
}

/* The trees take a node for written that was only gathered: after a failure all are written anew.
 */
static int write_trees(struct pma *arena, uint64_t number, struct format_meta *meta)
{
    int result = gather_trees(arena, number, meta);

    if (result && (directory_redo(&arena->persistent, number) || sums_redo(&arena->sums, number)))
        arena_poison(arena, result);
    return result;
}

static int sync_blocks(struct pma *arena)
{
    int result = os_sync_data(arena->fd, FAULT_SYNC_BLOCKS);

    if (!result)
        return 0;
    arena_fail(arena, result, "sync of blocks");
    if (rewrite_unsynced(arena)) {
        arena_fail(arena, result, "sync of blocks, and what it lost could not be written again");
        arena_poison(arena, result);
    }
    return result;
}

static int write_meta(struct pma *arena, const struct format_meta *meta, unsigned slot)
{
    int result = pins_hide(arena->fd, meta->snapshot);

    if (result)
        return arena_fail(arena, result, "keeping it from views until it is durable");
    /* From here on a crash can make this snapshot the newest, whatever the calls below return. */
    blocks_attempt(arena->blocks);
    if (arena->recorded_blocks[slot] < meta->file_blocks)
        arena->recorded_blocks[slot] = meta->file_blocks;
    result =
        os_write(arena->fd, meta, sizeof(*meta), (uint64_t)slot * PMA_PAGE_SIZE, FAULT_META_WRITE);
    if (result)
        return arena_fail(arena, result, "write of meta page %u", slot);
    result = os_sync_data(arena->fd, FAULT_SYNC_META);
    return result ? arena_fail(arena, result, "sync of meta page %u", slot) : 0;
}

/* While the trees are written the device can be at work on the pages. What it cannot begin now is
 * left to the sync. */
static void begin_writing(struct pma *arena)
{
    enum { WORTH_IT = 64 }; /* pages; fewer are better written together with the nodes */

    if (arena->copied_pages - arena->copied_before >= WORTH_IT)
        os_write_back(arena->fd, 0, arena->file_blocks * PMA_PAGE_SIZE, FAULT_NONE);
    arena->copied_before = arena->copied_pages;
}

int take_snapshot(struct pma *arena, uint64_t event)
{
    const unsigned slot = 1 - arena->slot; /* never the one of the last acknowledged snapshot */
    struct format_meta meta = {.snapshot = arena->next_snapshot++, .event = event};
    int result = space_ready(arena);

    if (!result)
        result = pages_settle(arena);
    if (!result)
        result = lazy_capture(arena);
    if (!result)
        result = seal_writable(arena);
    if (!result)
        result = shrink_vacate(arena);
    if (!result)
        result = defragment(arena);
    if (!result) {
        begin_writing(arena);
        result = write_trees(arena, meta.snapshot, &meta);
    }
    if (!result)
        result = sync_blocks(arena);
    if (result)
        goto failed;

    meta.extents = arena->persistent.extents;
    meta.pages = arena->persistent.pages;
    arena_describe(arena, &meta);
    format_meta_seal(&meta);
    result = write_meta(arena, &meta, slot);
    if (result)
        goto failed;

    pins_show(arena->fd, meta.snapshot);
    space_acknowledge(arena, meta.snapshot);
    arena->recorded_blocks[slot] = meta.file_blocks;
    arena->slot = slot;
    arena->older = arena->snapshot;
    arena->snapshot = meta.snapshot;
    arena->event = event;
    return 0;

failed:
    if (arena->error.code != result)
        arena_fail(arena, result, "trees of pages and checksums");
    error_prefix(&arena->error, "snapshot %lu: ", meta.snapshot);
    return result;
}
