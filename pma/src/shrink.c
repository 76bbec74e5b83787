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

static int vacate(struct pma *arena, uint64_t limit)
{
    struct relocator relocator;
    int result = directory_vacate(&arena->persistent, limit);

    if (!result)
        result = sums_vacate(&arena->sums, limit);
    if (!result)
        result = relocator_init(&relocator, arena);
    if (result)
        return result;
    result = move_data(&relocator, limit);
    relocator_deinit(&relocator);
    return result;
}

int shrink_vacate(struct pma *arena)
{
    const struct pma_error kept = arena->error;
    int result = 0;

    if (arena->limit && blocks_used_end(arena->blocks) > arena->limit)
        result = vacate(arena, arena->limit);
    if (!result || arena->shrinking || arena->poison)
        return result;
    space_limit(arena, 0); /* nobody has asked for a shorter file */
    arena->error = kept;
    return 0;
}

/* Falls with everything that brings the end of the file closer. */
static uint64_t distance(const struct pma *arena)
{
    return arena->file_blocks + arena->recorded_blocks[0] + arena->recorded_blocks[1] +
           blocks_end(arena->blocks) + blocks_used_end(arena->blocks);
}

/*
 * Each snapshot moves what it finds room for. What it leaves behind is in limbo for two more, so
 * snapshots that bring nothing are met with patience.
 */
static int shrink_to(struct pma *arena, uint64_t limit)
{
    enum { PATIENCE = 3 };
    uint64_t best = distance(arena);
    int result = 0;

    for (int idle = 0; arena->file_blocks > limit && idle < PATIENCE && !result; idle++) {
        space_limit(arena, limit); /* again, if it had to be lifted */
        result = take_snapshot(arena, arena->event);
        if (!result)
            result = space_truncate(arena);
        if (distance(arena) < best) {
            best = distance(arena);
            idle = -1;
        }
    }
    space_limit(arena, 0);
    return result;
}

int shrink_file(struct pma *arena, uint64_t file_blocks, uint64_t *now)
{
    int result = space_ready(arena);

    if (!result && file_blocks < arena->file_blocks) {
        arena->shrinking = true;
        /* The first one shows how much is needed. */
        result = take_snapshot(arena, arena->event);
        if (!result) {
            const uint64_t least = space_least(arena);

            result = shrink_to(arena, file_blocks > least ? file_blocks : least);
        }
        arena->shrinking = false;
    }
    if (!result && now)
        *now = arena->file_blocks;
    return result;
}

/*
 * Half of the length, if next to nothing is behind that, and enough is free before it to go on for
 * a while; 0 if not.
 */
static uint64_t length_worth_having(const struct pma *arena)
{
    enum { MOST_MOVED = 64, ROOM = 8 };
    const uint64_t half = arena->file_blocks / 2;
    const uint64_t length = half > arena->keep_blocks ? half : arena->keep_blocks;

    if (length > arena->file_blocks - half / 2 || blocks_count_free(arena->blocks) < half ||
        space_least(arena) + blocks_count_used(arena->blocks) / ROOM > length)
        return 0;
    return blocks_count_used_from(arena->blocks, length) <= MOST_MOVED ? length : 0;
}

void shrink_consider(struct pma *arena)
{
    enum { CALM = 8 }; /* snapshots */
    uint64_t length;

    if (!arena->blocks || arena->limit || arena->keep_blocks == UINT32_MAX)
        return;
    length = length_worth_having(arena);
    arena->calm_snapshots = length ? arena->calm_snapshots + 1 : 0;
    if (arena->calm_snapshots < CALM)
        return;
    arena->calm_snapshots = 0;
    space_limit(arena, length);
}

void shrink_go_on(struct pma *arena)
{
    const struct pma_error kept = arena->error;

    if (!arena->limit)
        return;
    if (space_truncate(arena) && !arena->poison)
        arena->error = kept; /* nobody has asked for it, and the next snapshot tries again */
    if (arena->file_blocks <= arena->limit)
        space_limit(arena, 0);
}
