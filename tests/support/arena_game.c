/* SPDX-License-Identifier: MIT */
#include "arena_game.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/check.h>

#include "arena_game_parts.h"
#include "arena_range.h"

struct game *game_new(const struct arena_place *place, uint64_t seed)
{
    struct game *game = calloc(1, sizeof(*game));

    assert_non_null(game);
    game->place = place;
    game->random = (struct random){seed};
    game->options = arena_small();
    game->options.reserved_bytes = GAME_PAGES * PMA_PAGE_SIZE;
    return game;
}

void game_free(struct game *game)
{
    game_views_close(game);
    game_close(game);
    free(game->nouns.list);
    free(game);
}

void game_close(struct game *game)
{
    int result;

    game_stack_forget(game);
    result = pma_close(game->arena);

    if (!game->faults)
        assert_int_equal(result, 0);
    game->arena = NULL;
}

bool game_expect(struct game *game, int result, int expected, const char *call)
{
    if (result == PMA_EPOISONED)
        game->poisoned = true;
    if (game->faults && !expected)
        return result == 0;
    if (game->faults && result)
        return false;
    if (result != expected)
        fail_msg("%s: %s instead of %s (%s)", call, pma_strerror(result), pma_strerror(expected),
                 pma_last_error(game->arena));
    return !result;
}

void game_tell(const struct game *game, const char *format, ...)
{
    va_list arguments;

    if (!game->tell)
        return;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

unsigned char *game_address(const struct game *game, uint64_t page)
{
    return (unsigned char *)pma_base(game->arena) + page * PMA_PAGE_SIZE;
}

bool game_is_allocated(const struct game *game, uint64_t page)
{
    return game->now.kind[page] != NOT_ALLOCATED;
}

bool game_all_of(const struct game *game, uint64_t page, uint64_t count, bool wanted)
{
    for (uint64_t i = page; i < page + count; i++) {
        if (game_is_allocated(game, i) != wanted)
            return false;
    }
    return true;
}

bool game_is_others(const struct game *game, uint64_t page)
{
    return game->now.kind[page] == HEAP || game->now.kind[page] == STACK;
}

void game_set_range(struct game *game, uint64_t page, uint64_t count, enum game_kind kind)
{
    for (uint64_t i = page; i < page + count; i++) {
        game->now.kind[i] = kind;
        game->now.tag[i] = 0;
    }
}

/* The arena's account of its address range claims no less than the kernel. */
static void check_account(const struct game *game)
{
    const struct arena_range range = arena_range(game->arena);
    struct pma_stat stat;

    arena_ok(game->arena, pma_stat(game->arena, &stat));
    assert_in_range(range.mappings, 1, stat.mappings);
    assert_in_range(range.resident_bytes, 0, stat.resident_bytes);
    if (game->options.resident_bytes)
        assert_in_range(stat.resident_bytes, 0, game->options.resident_bytes);
    if (game->options.mapping_limit)
        assert_in_range(stat.mappings, 1, game->options.mapping_limit);
}

/* A stack has pages in a part of its range only. */
static bool must_be_there(const struct game_model *model, uint64_t page)
{
    return model->kind[page] != NOT_ALLOCATED && model->kind[page] != STACK;
}

bool game_in_snapshots(enum game_kind kind)
{
    return kind == PERSISTENT || kind == HEAP;
}

/* What a page must be that is allocated, of the two kinds that there are. */
static enum game_kind kind_in(const struct game_model *model, uint64_t page, bool ephemeral)
{
    const bool others = model->kind[page] == HEAP || model->kind[page] == STACK;

    if (ephemeral)
        return others ? STACK : EPHEMERAL;
    return others ? HEAP : PERSISTENT;
}

void game_look(const struct game *game)
{
    struct pma_run run = {.address = NULL};
    uint64_t page = 0, value;

    while (page < GAME_PAGES && pma_next_run(game->arena, game_address(game, page), &run) == 0) {
        const uint64_t first =
            (uint64_t)((unsigned char *)run.address - game_address(game, 0)) / PMA_PAGE_SIZE;

        for (; page < first; page++)
            assert_false(must_be_there(&game->now, page));
        for (; page < first + run.pages && page < GAME_PAGES; page++) {
            assert_int_equal(game->now.kind[page], kind_in(&game->now, page, run.ephemeral));
            if (!game_is_others(game, page))
                assert_int_equal(arena_tag(game_address(game, page)), game->now.tag[page]);
        }
    }
    for (; page < GAME_PAGES; page++)
        assert_false(must_be_there(&game->now, page));
    game_heap_look(game);
    game_stack_look(game);
    arena_ok(game->arena, pma_root(game->arena, 5, &value));
    assert_int_equal(value, game->now.root);
    if (!game->faults)
        check_account(game);
}

struct walk {
    struct game *game;
    const struct game_model *expected;
    uint64_t next;
};

static void expect_none(struct walk *walk, uint64_t before)
{
    for (; walk->next < before; walk->next++)
        assert_false(game_in_snapshots(walk->expected->kind[walk->next]));
}

static void see_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    struct walk *walk = context;

    expect_none(walk, page);
    for (; walk->next < page + length; walk->next++) {
        assert_true(game_in_snapshots(walk->expected->kind[walk->next]));
        if (walk->expected->kind[walk->next] == PERSISTENT)
            assert_int_equal(walk->expected->tag[walk->next], data ? arena_tag(data) : 0);
    }
}

static void see_node(void *context, const struct pma_check_node *node)
{
    ((struct walk *)context)->game->named[node->block] = 1;
}

static void see_extent(void *context, const struct pma_check_extent *extent)
{
    if (extent->block)
        memset(&((struct walk *)context)->game->named[extent->block], 1, extent->length);
}

static void see_finding(void *context, const char *rule, const char *text)
{
    print_error("%s: %s\n", rule, text);
}

static void check_snapshot(struct game *game, enum pma_check_which which,
                           const struct game_model *expected)
{
    struct walk walk = {.game = game, .expected = expected};
    const struct pma_check_visitor visitor = {.context = &walk,
                                              .page = see_page,
                                              .node = see_node,
                                              .extent = see_extent,
                                              .finding = see_finding};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;
    struct pma_error error;

    options.which = which;
    options.both = false;
    if (pma_check(game->place->path, &options, &visitor, &report, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.findings, 0);
    assert_int_equal(report.event, expected->event);
    expect_none(&walk, GAME_PAGES);
}

void game_check_file(struct game *game)
{
    uint64_t from = 0, first, count;
    struct pma_stat stat;

    memset(game->named, 0, sizeof(game->named));
    check_snapshot(game, PMA_CHECK_NEWEST, &game->newest);
    if (game->has_previous)
        check_snapshot(game, PMA_CHECK_PREVIOUS, &game->previous);
    arena_ok(game->arena, pma_stat(game->arena, &stat));
    assert_true(game_views_name_blocks(game) > 0 || stat.view_blocks == 0);
    assert_in_range(stat.file_blocks, 0, GAME_BLOCKS);
    for (; pma_next_free(game->arena, from, &first, &count) == 0; from = first + count) {
        for (uint64_t block = first; block < first + count; block++)
            assert_false(game->named[block]);
    }
}

bool game_snapshot(struct game *game)
{
    game->now.event = ++game->events;
    game_tell(game, "snapshot %d", (int)game->now.event);
    if (!game_expect(game, pma_snapshot(game->arena, game->now.event), 0, "pma_snapshot")) {
        assert_in_range(game->attempt_count, 0, GAME_ATTEMPTS - 1);
        game->attempts[game->attempt_count++] = game->now;
        return false;
    }
    /* The heap gives pages back that it does not need. */
    game_note_others(game);
    game->previous = game->newest;
    game->has_previous = true;
    game->newest = game->now;
    game->attempt_count = 0;
    return true;
}

/* What an open shows: the newest snapshot, or an attempt since. */
static bool adopt_opened(struct game *game)
{
    struct pma_stat stat;

    if (!game_expect(game, pma_stat(game->arena, &stat), 0, "pma_stat"))
        return false;
    for (unsigned i = 0; i < game->attempt_count && stat.event != game->newest.event; i++) {
        if (game->attempts[i].event != stat.event)
            continue;
        game->previous = game->newest;
        game->newest = game->attempts[i];
    }
    assert_int_equal(stat.event, game->newest.event);
    game->attempt_count = 0;
    game->now = game->newest;
    for (uint64_t i = 0; i < GAME_PAGES; i++) {
        if (game->now.kind[i] == EPHEMERAL || game->now.kind[i] == STACK)
            game->now.kind[i] = NOT_ALLOCATED;
    }
    return true;
}

bool game_reopen(struct game *game)
{
    struct pma_error error;

    game_tell(game, "reopen");
    game_close(game);
    game->poisoned = false;
    if (pma_open(game->place->path, &game->options, &game->arena, &error)) {
        if (!game->faults)
            fail_msg("%s", error.text);
        game->arena = NULL;
        return false;
    }
    if (adopt_opened(game))
        return true;
    game_close(game);
    return false;
}

bool game_create(struct game *game, uint32_t fanout)
{
    struct pma_error error;

    game->options.fanout = fanout;
    if (!pma_create(game->place->path, &game->options, &game->arena, &error))
        return true;
    if (!game->faults)
        fail_msg("%s", error.text);
    game->arena = NULL;
    return false;
}

static void set_root(struct game *game)
{
    const uint64_t value = random_next(&game->random);

    game_tell(game, "set root 5 to %llu", (unsigned long long)value);
    if (game_expect(game, pma_set_root(game->arena, 5, value), 0, "pma_set_root"))
        game->now.root = value;
}

/* After a snapshot, so that those that it takes hold what that one does. */
static void shrink_to(struct game *game, uint64_t blocks)
{
    struct pma_stat before = {0}, after = {0};

    if (!game_snapshot(game) || pma_stat(game->arena, &before))
        return;
    game_tell(game, "shrink to %d blocks", (int)blocks);
    game_expect(game, pma_shrink(game->arena, blocks, NULL), 0, "pma_shrink");
    if (pma_stat(game->arena, &after) == 0 && after.snapshot > before.snapshot)
        game->previous = game->newest;
}

static void shrink(struct game *game)
{
    shrink_to(game, random_below(&game->random, 2 * GAME_PAGES));
}

static void shrink_all(struct game *game)
{
    shrink_to(game, 0);
}

/* There is a whole copy or none. */
static void copy(struct game *game)
{
    struct pma_check_report report;
    char path[sizeof(game->place->path) + 8];
    int result;

    snprintf(path, sizeof(path), "%s.copy", game->place->path);
    game_tell(game, "copy");
    result = pma_copy(game->place->path, path, NULL, NULL);
    if (!game_expect(game, result, 0, "pma_copy")) {
        assert_int_not_equal(access(path, F_OK), 0);
        return;
    }
    assert_int_equal(pma_check(path, NULL, NULL, &report, NULL), 0);
    assert_int_equal(report.findings, 0);
    assert_int_equal(report.event, game->newest.event);
    assert_int_equal(report.used_blocks, report.file_blocks);
    unlink(path);
}

void game_move(struct game *game)
{
    switch (random_below(&game->random, 40)) {
    case 0:
    case 1:
    case 2:
    case 3:
        game_allocate(game);
        break;
    case 4:
    case 5:
        game_allocate_at(game);
        break;
    case 6:
    case 7:
        game_free_range(game);
        break;
    case 8:
        game_call_on_range(game, pma_dirty, "dirty");
        break;
    case 9:
        game_call_on_range(game, game_touch, "touch");
        break;
    case 10:
    case 11:
        game_call_on_range(game, pma_evict, "evict");
        break;
    case 12:
    case 13:
    case 14:
    case 15:
        game_move_range_at_random(game);
        break;
    case 16:
    case 17:
        game_snapshot(game);
        break;
    case 18:
        switch (random_below(&game->random, 3)) {
        case 0:
            game_reopen(game);
            break;
        case 1:
            shrink(game);
            break;
        }
        break;
    case 19:
        set_root(game);
        break;
    case 20:
    case 21:
    case 22:
        game_view_move(game);
        break;
    default:
        if (random_below(&game->random, 2) == 0)
            game_store(game);
        else
            game_load(game);
    }
}

void game_tour(struct game *game)
{
    void (*const stops[])(struct game *) = {
        game_view_visit, game_allocate,   game_allocate, game_promote, game_store, game_store,
        game_write_back, game_free_range, shrink_all,    copy,         copy};

    for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++) {
        if (game->arena && !game->poisoned)
            stops[i](game);
    }
    if (game->arena && !game->poisoned)
        game_reopen(game);
}

void game_any_move(struct game *game)
{
    enum { WANTED_PAGES = 48 };

    /* A full arena takes no stack. */
    if (random_below(&game->random, 3) == 0 && game_is_full(game, WANTED_PAGES))
        game_free_range(game);
    switch (random_below(&game->random, 8)) {
    case 0:
    case 1:
        game_heap_move(game);
        break;
    case 2:
    case 3:
    case 4:
        game_stack_move(game);
        break;
    case 5:
        if (random_below(&game->random, 8) == 0)
            copy(game);
        break;
    default:
        game_move(game);
    }
}

void game_play(struct game *game, unsigned moves)
{
    for (unsigned i = 0; i < moves && game->arena && !game->poisoned; i++) {
        game_move(game);
        if (!game->faults && random_below(&game->random, 64) == 0) {
            game_look(game);
            game_check_file(game);
        }
    }
}
