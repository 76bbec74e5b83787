/* SPDX-License-Identifier: MIT */
/*
 * After a failed sync. Linux has marked the pages that it could not write as clean, so syncing
 * again would report a success that is none. Nothing written since the last acknowledged snapshot
 * is believed: data blocks are read back, compared with the checksum that was taken of them in
 * memory, and written to other blocks; tree nodes are still in memory and are marked to be written
 * again.
 */
#include "lazy.h"
#include "operations.h"
#include "relocate.h"
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

static int rewrite_run(const struct relocator *relocator, bool ephemeral, const struct extent *run)
{
    struct pma *arena = relocator->arena;
    uint64_t page, block, got;
    int result = 0;

    for (page = run->page; page < extent_end(run) && !result; page += got) {
        struct span part = {extent_clip(run, page, page + RELOCATE_BLOCKS), ephemeral};

        result = space_take_data(arena, part.extent.length, &block, &got);
        if (result)
            break;
        part.extent.length = (uint32_t)got;
        result = relocate(relocator, &part, 1, block);
        if (result)
            space_drop(arena, block, got);
    }
    return result;
}

/* Pages that are still in memory are written from there by the next attempt. */
static int recall_run(const struct relocator *relocator, bool ephemeral, const struct extent *run)
{
    return ephemeral ? 0 : lazy_recall(relocator->arena, run);
}

typedef int save_run(const struct relocator *relocator, bool ephemeral, const struct extent *run);

static int save_tree(const struct relocator *relocator, bool ephemeral, save_run *save)
{
    struct pma *arena = relocator->arena;
    struct gathering gathering = {.arena = arena};
    struct directory *tree = pages_tree(arena, ephemeral);
    int result = 0;

    do {
        gathering.count = 0;
        if (ephemeral)
            directory_each(tree, gathering.from, gather_born, &gathering);
        else
            directory_each_dirty(tree, 0, gathering.from, gather_born, &gathering);
        for (size_t i = 0; i < gathering.count && !result; i++) {
            gathering.from = extent_end(&gathering.runs[i]);
            result = save(relocator, ephemeral, &gathering.runs[i]);
        }
    } while (gathering.count == BATCH && !result);
    return result;
}

int rewrite_unsynced(struct pma *arena)
{
    struct relocator relocator;
    int result = relocator_init(&relocator, arena);

    if (!result)
        result = directory_redo(&arena->persistent, arena->snapshot + 1);
    if (!result)
        result = sums_redo(&arena->sums, arena->snapshot + 1);
    if (!result)
        result = save_tree(&relocator, false, recall_run);
    if (!result)
        result = save_tree(&relocator, false, rewrite_run);
    if (!result)
        result = save_tree(&relocator, true, rewrite_run);
    relocator_deinit(&relocator);
    return result;
}
