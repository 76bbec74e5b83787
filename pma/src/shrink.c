/* SPDX-License-Identifier: MIT */
/* docs/space.md, "Shrinking": what lies behind the new end moves, snapshot by snapshot, until both
 * meta pages record that nothing is there. */
#include <errno.h>

#include "operations.h"
#include "os.h"
#include "relocate.h"
#include "space.h"

/* The part of an extent on blocks from `limit` on, and as much of it as moves in one go. */
static struct extent part_beyond(const struct extent *extent, uint64_t page, uint64_t limit)
{
    struct extent part = extent_clip(extent, page, UINT64_MAX);

    if (part.block < limit)
        part = extent_clip(&part, part.page + (limit - part.block), UINT64_MAX);
    return part.length > RELOCATE_BLOCKS
               ? extent_clip(&part, part.page, part.page + RELOCATE_BLOCKS)
               : part;
}

static int move_part(const struct relocator *relocator, struct span *part)
{
    uint64_t block, got;
    int result = space_take_spare(relocator->arena, part->extent.length, &block, &got);

    if (result)
        return result;
    part->extent.length = (uint32_t)got;
    result = relocate(relocator, part, 1, block);
    if (result)
        space_drop(relocator->arena, block, got);
    return result;
}

/* Moves data down as far as there is room for it. */
static int move_data(const struct relocator *relocator, uint64_t limit)
{
    struct span span;
    uint64_t page = 0;
    int result = 0;

    while (!result) {
        result = pages_next(relocator->arena, page, &span);
        if (result)
            break;
        if (span.extent.block && span.extent.block + span.extent.length > limit) {
            span.extent = part_beyond(&span.extent, page, limit);
            result = move_part(relocator, &span);
        }
        page = extent_end(&span.extent);
    }
    return result == -ENOENT || result == -ENOSPC ? 0 : result;
}

static int vacate(const struct relocator *relocator, uint64_t limit)
{
    struct pma *arena = relocator->arena;
    int result = directory_vacate(&arena->persistent, limit);

    if (!result)
        result = sums_vacate(&arena->sums, limit);
    return result ? result : move_data(relocator, limit);
}

/* Falls with everything that brings the end of the file closer. */
static uint64_t distance(const struct pma *arena)
{
    return arena->file_blocks + arena->recorded_blocks[0] + arena->recorded_blocks[1] +
           blocks_end(arena->blocks) + blocks_used_end(arena->blocks);
}

/*
 * A round moves what it finds room for. What it leaves behind is in limbo for two snapshots, so
 * rounds that bring nothing are met with patience.
 */
static int shrink_to(const struct relocator *relocator, uint64_t limit)
{
    enum { PATIENCE = 3 };
    struct pma *arena = relocator->arena;
    uint64_t best = distance(arena);
    int result = 0;

    for (int idle = 0; arena->file_blocks > limit && idle < PATIENCE && !result; idle++) {
        space_limit(arena, limit); /* again, if it had to be lifted */
        result = vacate(relocator, limit);
        if (!result)
            result = take_snapshot(arena, arena->event);
        if (!result)
            result = space_truncate(arena);
        if (distance(arena) < best) {
            best = distance(arena);
            idle = -1;
        }
    }
    return result;
}

int shrink_file(struct pma *arena, uint64_t file_blocks, uint64_t *now)
{
    struct relocator relocator = {0};
    int result = space_ready(arena);

    if (!result && file_blocks < arena->file_blocks) {
        result = relocator_init(&relocator, arena);
        /* Pages that are being changed have no checksum yet, and cannot move. */
        if (!result)
            result = take_snapshot(arena, arena->event);
        if (!result) {
            const uint64_t least = space_least(arena);

            result = shrink_to(&relocator, file_blocks > least ? file_blocks : least);
            space_limit(arena, 0);
        }
        relocator_deinit(&relocator);
    }
    if (!result && now)
        *now = arena->file_blocks;
    return result;
}
