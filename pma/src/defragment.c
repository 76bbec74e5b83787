/* SPDX-License-Identifier: MIT */
/*
 * Joins extents whose pages follow each other and whose blocks do not, a few at each snapshot
 * (docs/space.md, "Joining extents"). A window of short extents moves behind the extent before it
 * if there is room, else to a fresh run.
 */
#include <errno.h>

#include "operations.h"
#include "relocate.h"
#include "space.h"

enum {
    WINDOW = RELOCATE_BLOCKS, /* extents, and blocks, that move in one go */
    LOOKS = 256,              /* at extents that stay, besides those that may move */
    SEARCHES = 4              /* for a free run: each looks at the whole table */
};

struct work {
    struct pma *arena;
    struct relocator relocator;
    uint64_t budget; /* blocks that may still be moved */
    uint64_t looks;
    unsigned searches;
    uint64_t run, run_length; /* free blocks to move to */

    /* The window; in front of it is room for the extent before it, which can move along. */
    struct span spans[1 + WINDOW], *window;
    size_t count;
    uint64_t blocks;
    struct extent before; /* length 0: none, and the window begins with any */
};

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t most_at_once(const struct work *work)
{
    return smaller(smaller(work->budget, WINDOW), space_spare(work->arena));
}

/* Long extents gain little, and what was written since the last snapshot may be written again soon.
 */
static bool may_move(const struct pma *arena, const struct extent *extent)
{
    bool may = extent->block && extent->length < WINDOW;

    for (uint32_t i = 0; i < extent->length && may; i++)
        may = !blocks_is_born(arena->blocks, extent->block + i);
    return may;
}

static bool follows(const struct extent *extent, const struct extent *before)
{
    return before->length > 0 && before->block && extent->block &&
           extent_end(before) == extent->page;
}

static const struct extent *last_of(const struct work *work)
{
    return work->count > 0 ? &work->window[work->count - 1].extent : &work->before;
}

static void drop_last(struct work *work)
{
    work->blocks -= work->window[--work->count].extent.length;
}

/* Collects extents that may move, and follow each other and the one before. Passes the others by.
 */
static int fill_window(struct work *work)
{
    const uint64_t most = most_at_once(work);
    struct extent extent;
    int result = 0;

    work->count = 0;
    work->blocks = 0;
    while (work->looks > 0 && work->count < WINDOW) {
        result = directory_next(&work->arena->persistent, extent_end(last_of(work)), &extent);
        if (result)
            break;
        work->looks--;
        if (follows(&extent, last_of(work)) && may_move(work->arena, &extent) &&
            work->blocks + extent.length <= most) {
            work->window[work->count++] = (struct span){.extent = extent};
            work->blocks += extent.length;
        } else if (work->count > 0) {
            break;
        } else {
            work->before = extent;
        }
    }
    return work->count > 0 ? 0 : result;
}

static int move(struct work *work, uint64_t block)
{
    struct pma *arena = work->arena;
    int result = relocate(&work->relocator, work->window, work->count, block);

    if (result) {
        space_drop(arena, block, work->blocks);
        return result;
    }
    work->budget -= work->blocks;
    arena->defragmented_blocks += work->blocks;
    if (block == work->run) {
        work->run += work->blocks;
        work->run_length -= work->blocks;
    }
    return directory_find(&arena->persistent, work->window[0].extent.page, &work->before);
}

/* Lets the extent before the window move along, in place of the last ones if need be. */
static void take_along(struct work *work)
{
    const uint64_t most = most_at_once(work);

    if (!follows(&work->window[0].extent, &work->before) || work->before.length > most / 2 ||
        !may_move(work->arena, &work->before))
        return;
    while (work->before.length + work->blocks > most || work->count == WINDOW)
        drop_last(work);
    *--work->window = (struct span){.extent = work->before};
    work->count++;
    work->blocks += work->before.length;
}

/* The upper half of the longest free run, since tree nodes are likely to be taken where it begins,
 * and what follows should find room behind this. */
static void search_run(struct work *work)
{
    uint64_t length;

    work->run_length = 0;
    if (work->searches == 0 || blocks_longest(work->arena->blocks, &work->run, &length))
        return;
    work->searches--;
    work->run_length = length / 2 >= work->blocks ? length / 2 : smaller(length, work->blocks);
    work->run += length - work->run_length;
}

/* Cuts the window down to a free run. Some gain must be left. */
static bool find_run(struct work *work)
{
    if (work->run_length < work->blocks)
        search_run(work);
    while (work->count > 0 && work->blocks > work->run_length)
        drop_last(work);
    return work->count > 1;
}

static int join_window(struct work *work)
{
    struct blocks *blocks = work->arena->blocks;
    const struct extent *before = &work->before, last = *last_of(work);

    if (blocks_take_at(blocks, before->block + before->length, work->blocks))
        return move(work, before->block + before->length);
    take_along(work);
    if (find_run(work) && blocks_take_at(blocks, work->run, work->blocks))
        return move(work, work->run);
    work->before = last;
    return 0;
}

/* Ends when the bound is reached, or at the end of the arena, from where the next snapshot starts
 * over. */
static int join_extents(struct work *work)
{
    int result = 0;

    while (work->budget > 0 && work->looks > 0 && !result) {
        work->window = work->spans + 1;
        result = fill_window(work);
        if (!result && work->count > 0)
            result = join_window(work);
    }
    return result;
}

int defragment(struct pma *arena)
{
    const struct pma_error kept = arena->error;
    struct work work = {
        .arena = arena,
        .budget = arena->defragment_blocks,
        .looks = LOOKS + (uint64_t)arena->defragment_blocks,
        .searches = SEARCHES,
        .before = {.page = arena->defragment_page},
    };
    int result;

    if (arena->defragment_blocks == 0 || arena->limit)
        return 0;
    result = relocator_init(&work.relocator, arena);
    if (!result)
        result = join_extents(&work);
    relocator_deinit(&work.relocator);

    /* The extent where this ended may get company; one that could not be moved is passed over. */
    arena->defragment_page = result == -ENOENT ? 0
                             : result          ? extent_end(last_of(&work))
                                               : work.before.page;
    if (arena->poison)
        return result;
    arena->error = kept; /* nobody has asked for it, and nothing is lost */
    return 0;
}
