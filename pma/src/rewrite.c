/* SPDX-License-Identifier: MIT */
/*
 * After a failed sync. Linux has marked the pages that it could not write as clean, so syncing
 * again would report a success that is none. Nothing written since the last acknowledged snapshot
 * is believed: data blocks are read back, compared with the checksum that was taken of them in
 * memory, and written to other blocks; tree nodes are still in memory and are marked to be written
 * again.
 */
#include <errno.h>

#include "mappings.h"
#include "operations.h"
#include "os.h"
#include "pages.h"
#include "space.h"

enum { BATCH = 64 };

struct gathering {
    struct pma *arena;
    uint64_t from;
    struct extent runs[BATCH];
    size_t count;
};

/* Collects the runs of an extent whose blocks no snapshot names yet. */
static int gather_born(void *context, const struct extent *extent)
{
    struct gathering *gathering = context;
    struct extent *run = NULL;

    if (!extent->block || (extent->flags & EXTENT_WRITABLE))
        return 0;
    for (uint32_t i = 0; i < extent->length; i++) {
        if (extent->page + i < gathering->from ||
            !blocks_is_born(gathering->arena->blocks, extent->block + i)) {
            run = NULL;
            continue;
        }
        if (run) {
            run->length++;
            continue;
        }
        if (gathering->count == BATCH)
            return 1;
        run = &gathering->runs[gathering->count++];
        *run = extent_clip(extent, extent->page + i, extent->page + i + 1);
    }
    return 0;
}

static int copy_block(struct pma *arena, void *buffer, uint64_t from, uint64_t to)
{
    uint64_t expected;
    int result = os_read(arena->fd, buffer, PMA_PAGE_SIZE, from * PMA_PAGE_SIZE, FAULT_NONE);

    if (!result)
        result = sums_get(&arena->sums, from, &expected);
    if (!result && expected != format_checksum(buffer, PMA_PAGE_SIZE))
        result = PMA_ECORRUPT;
    if (!result)
        result = os_write(arena->fd, buffer, PMA_PAGE_SIZE, to * PMA_PAGE_SIZE, FAULT_COW_COPY);
    return result ? result : sums_set(&arena->sums, to, expected);
}

static int rewrite_run(struct pma *arena, void *buffer, bool ephemeral, const struct extent *run)
{
    struct extent fresh;
    uint64_t page, got;
    int result = 0;

    for (page = run->page; page < extent_end(run) && !result; page += got) {
        const struct extent old = extent_clip(run, page, extent_end(run));

        result = space_take_data(arena, old.length, &fresh.block, &got);
        if (result)
            break;
        fresh = (struct extent){page, fresh.block, (uint32_t)got, 0};
        for (uint64_t i = 0; i < got && !result; i++)
            result = copy_block(arena, buffer, old.block + i, fresh.block + i);
        if (!result)
            result = directory_put(pages_tree(arena, ephemeral), &fresh);
        if (!result)
            result = mapping_nothing(arena, page, fresh.length, FAULT_NONE);
        if (!result)
            space_drop(arena, old.block, got);
    }
    return result;
}

static int rewrite_tree(struct pma *arena, void *buffer, bool ephemeral)
{
    struct gathering gathering = {.arena = arena};
    struct directory *tree = pages_tree(arena, ephemeral);
    int result = 0;

    do {
        gathering.count = 0;
        if (ephemeral)
            directory_each(tree, gather_born, &gathering);
        else
            directory_each_dirty(tree, gather_born, &gathering);
        for (size_t i = 0; i < gathering.count && !result; i++) {
            gathering.from = extent_end(&gathering.runs[i]);
            result = rewrite_run(arena, buffer, ephemeral, &gathering.runs[i]);
        }
    } while (gathering.count == BATCH && !result);
    return result;
}

int rewrite_unsynced(struct pma *arena)
{
    void *buffer = os_memory(PMA_PAGE_SIZE, FAULT_NONE);
    int result = buffer ? 0 : -ENOMEM;

    if (!result)
        result = directory_redo(&arena->persistent, arena->snapshot + 1);
    if (!result)
        result = sums_redo(&arena->sums, arena->snapshot + 1);
    if (!result)
        result = rewrite_tree(arena, buffer, false);
    if (!result)
        result = rewrite_tree(arena, buffer, true);
    os_memory_free(buffer, PMA_PAGE_SIZE);
    return result;
}
