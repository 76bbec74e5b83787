/* SPDX-License-Identifier: MIT */
/* Views, and what they must show. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "arena_game_parts.h"

static void close_view(struct game *game, struct game_view *view)
{
    const int result = pma_close(view->handle);

    if (!game->faults)
        assert_int_equal(result, 0);
    view->handle = NULL;
}

static int no_such_snapshot(const struct game *game, bool previous)
{
    return previous && !game->has_previous ? -ENOENT : 0;
}

/* An attempt that failed is not seen, but the snapshot before the newest may be lost to it. */
static void open_view(struct game *game, struct game_view *view)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_stat stat;
    int result;

    options.previous = random_below(&game->random, 3) == 0;
    result = pma_view_open(game->place->path, &options, &view->handle, NULL);
    if (!game_expect(game, result, no_such_snapshot(game, options.previous), "pma_view_open")) {
        view->handle = NULL;
        return;
    }
    view->shows = options.previous ? game->previous : game->newest;
    arena_ok(view->handle, pma_stat(view->handle, &stat));
    assert_int_equal(stat.event, view->shows.event);
}

static uint64_t page_in(const pma_t *view, const void *at)
{
    return (uint64_t)((const unsigned char *)at - (unsigned char *)pma_base(view)) / PMA_PAGE_SIZE;
}

static void look_at_run(const struct game *game, const struct game_view *view,
                        const struct pma_run *run)
{
    const uint64_t first = page_in(view->handle, run->address);
    const unsigned char *at = run->address;

    for (uint64_t page = first; page < first + run->pages; page++, at += PMA_PAGE_SIZE) {
        assert_true(game_in_snapshots(view->shows.kind[page]));
        if (view->shows.kind[page] == HEAP)
            continue;
        if (!game->faults || pma_touch(view->handle, at, PMA_PAGE_SIZE) == 0)
            assert_int_equal(arena_tag(at), view->shows.tag[page]);
    }
}

/* Compares all of a view, or as much as the faults let through, with the model. */
static void look_at_view(const struct game *game, const struct game_view *view)
{
    const unsigned char *const base = pma_base(view->handle);
    struct pma_run run = {.address = NULL};
    uint64_t page = 0, value;

    while (page < GAME_PAGES &&
           pma_next_run(view->handle, base + page * PMA_PAGE_SIZE, &run) == 0) {
        for (; page < page_in(view->handle, run.address); page++)
            assert_false(game_in_snapshots(view->shows.kind[page]));
        look_at_run(game, view, &run);
        page += run.pages;
    }
    for (; page < GAME_PAGES && !game->faults; page++)
        assert_false(game_in_snapshots(view->shows.kind[page]));
    arena_ok(view->handle, pma_root(view->handle, 5, &value));
    assert_int_equal(value, view->shows.root);
}

void game_view_move(struct game *game)
{
    struct game_view *view = &game->views[random_below(&game->random, GAME_VIEWS)];

    if (!view->handle) {
        open_view(game, view);
        return;
    }
    look_at_view(game, view);
    if (random_below(&game->random, 3) == 0)
        close_view(game, view);
}

/* Opens a view and looks at it; none is open afterwards. */
void game_view_visit(struct game *game)
{
    for (size_t i = 0; i < GAME_VIEWS; i++)
        close_view(game, &game->views[i]);
    open_view(game, &game->views[0]);
    if (game->views[0].handle)
        look_at_view(game, &game->views[0]);
    close_view(game, &game->views[0]);
}

void game_views_close(struct game *game)
{
    for (size_t i = 0; i < GAME_VIEWS; i++)
        close_view(game, &game->views[i]);
}

/* The blocks of its pages; if those of its tree are reused, its checksums say so. */
static void name_blocks_of_view(struct game *game, const struct game_view *view)
{
    const unsigned char *from = pma_base(view->handle);
    struct pma_run run;

    for (; pma_next_run(view->handle, from, &run) == 0;
         from = (unsigned char *)run.address + run.pages * PMA_PAGE_SIZE) {
        if (run.block)
            memset(&game->named[run.block], 1, run.pages);
    }
}

size_t game_views_name_blocks(struct game *game)
{
    size_t views = 0;

    for (size_t i = 0; i < GAME_VIEWS; i++) {
        if (!game->views[i].handle)
            continue;
        views++;
        name_blocks_of_view(game, &game->views[i]);
    }
    return views;
}
