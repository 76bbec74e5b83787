/* SPDX-License-Identifier: MIT */
/*
 * Random operations on an arena and on a model of it, an array of what each page holds. After each
 * snapshot the offline checker compares both snapshots of the file with what the model was then,
 * and no free block may belong to either.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pma/check.h>

#include "arena_place.h"
#include "random.h"

enum { PAGES = 192, BLOCKS = 65536, LONGEST = 12 };

enum kind { NOT_ALLOCATED, PERSISTENT, EPHEMERAL };

struct model {
    enum kind kind[PAGES];
    uint64_t tag[PAGES];
    uint64_t root;
    uint64_t event;
};

struct game {
    const struct arena_place *place;
    struct random random;
    pma_t *arena;
    struct model now, newest, previous; /* the latter two as of the last two snapshots */
    unsigned snapshots;
    uint64_t tags;
    unsigned char named[BLOCKS]; /* by a snapshot in the file */
};

static unsigned char *address(const struct game *game, uint64_t page)
{
    return (unsigned char *)pma_base(game->arena) + page * PMA_PAGE_SIZE;
}

static bool all_of(const struct game *game, uint64_t page, uint64_t count, bool allocated)
{
    for (uint64_t i = page; i < page + count; i++) {
        if ((game->now.kind[i] != NOT_ALLOCATED) != allocated)
            return false;
    }
    return true;
}

static void random_range(struct game *game, uint64_t *page, uint64_t *count)
{
    *count = 1 + random_below(&game->random, LONGEST);
    *page = random_below(&game->random, PAGES - *count + 1);
}

static void set_range(struct game *game, uint64_t page, uint64_t count, enum kind kind)
{
    for (uint64_t i = page; i < page + count; i++) {
        game->now.kind[i] = kind;
        game->now.tag[i] = 0;
    }
}

static void allocate(struct game *game)
{
    const bool ephemeral = random_below(&game->random, 4) == 0;
    const uint64_t count = 1 + random_below(&game->random, LONGEST);
    uint64_t page = 0;
    void *got;
    int result = pma_pages_alloc(game->arena, count, ephemeral ? PMA_EPHEMERAL : 0, &got);

    while (page + count <= PAGES && !all_of(game, page, count, false))
        page++;
    if (page + count > PAGES) {
        assert_int_equal(result, -ENOMEM);
        return;
    }
    arena_ok(game->arena, result);
    assert_ptr_equal(got, address(game, page));
    set_range(game, page, count, ephemeral ? EPHEMERAL : PERSISTENT);
}

static void allocate_at(struct game *game)
{
    const bool ephemeral = random_below(&game->random, 4) == 0;
    uint64_t page, count;
    int result;

    random_range(game, &page, &count);
    result =
        pma_pages_alloc_at(game->arena, address(game, page), count, ephemeral ? PMA_EPHEMERAL : 0);
    if (!all_of(game, page, count, false)) {
        assert_int_equal(result, PMA_EOCCUPIED);
        return;
    }
    arena_ok(game->arena, result);
    set_range(game, page, count, ephemeral ? EPHEMERAL : PERSISTENT);
}

static void free_range(struct game *game)
{
    uint64_t page, count;
    int result;

    random_range(game, &page, &count);
    result = pma_pages_free(game->arena, address(game, page), count);
    if (!all_of(game, page, count, true)) {
        assert_int_equal(result, PMA_EADDRESS);
        return;
    }
    arena_ok(game->arena, result);
    set_range(game, page, count, NOT_ALLOCATED);
}

static void store(struct game *game)
{
    uint64_t page, count;

    random_range(game, &page, &count);
    for (uint64_t i = page; i < page + count; i++) {
        if (game->now.kind[i] == NOT_ALLOCATED)
            continue;
        game->now.tag[i] = ++game->tags;
        arena_fill(address(game, i), game->tags);
    }
}

static void load(struct game *game)
{
    uint64_t page, count;

    random_range(game, &page, &count);
    for (uint64_t i = page; i < page + count; i++) {
        if (game->now.kind[i] != NOT_ALLOCATED)
            assert_int_equal(arena_tag(address(game, i)), game->now.tag[i]);
    }
}

typedef int range_call(pma_t *arena, void *address, size_t bytes);

static int touch(pma_t *arena, void *at, size_t bytes)
{
    return pma_touch(arena, at, bytes);
}

static void call_on_range(struct game *game, range_call *call)
{
    uint64_t page, count;
    int result;

    random_range(game, &page, &count);
    result = call(game->arena, address(game, page), count * PMA_PAGE_SIZE);
    if (all_of(game, page, count, true))
        arena_ok(game->arena, result);
    else
        assert_int_equal(result, PMA_EADDRESS);
}

static void move(struct game *game)
{
    const unsigned flags = (unsigned)random_below(&game->random, 3);
    uint64_t from, to, count;
    enum kind kinds[LONGEST];
    uint64_t tags[LONGEST];
    int result;

    random_range(game, &from, &count);
    to = random_below(&game->random, PAGES - count + 1);
    result = pma_pages_move(game->arena, address(game, to), address(game, from), count, flags);
    if (from < to + count && to < from + count) {
        assert_int_equal(result, PMA_EARGUMENT);
        return;
    }
    if (!all_of(game, from, count, true)) {
        assert_int_equal(result, PMA_EADDRESS);
        return;
    }
    if (!all_of(game, to, count, false)) {
        assert_int_equal(result, PMA_EOCCUPIED);
        return;
    }
    arena_ok(game->arena, result);
    memcpy(kinds, &game->now.kind[from], count * sizeof(*kinds));
    memcpy(tags, &game->now.tag[from], count * sizeof(*tags));
    set_range(game, from, count, NOT_ALLOCATED);
    for (uint64_t i = 0; i < count; i++) {
        game->now.kind[to + i] = flags == 0                    ? kinds[i]
                                 : flags == PMA_MOVE_EPHEMERAL ? EPHEMERAL
                                                               : PERSISTENT;
        game->now.tag[to + i] = tags[i];
    }
}

static void look_at_everything(const struct game *game)
{
    struct pma_run run = {.address = NULL};
    struct pma_stat stat;
    uint64_t page = 0, value;

    while (pma_next_run(game->arena, address(game, page), &run) == 0) {
        const uint64_t first =
            (uint64_t)((unsigned char *)run.address - address(game, 0)) / PMA_PAGE_SIZE;

        for (; page < first; page++)
            assert_int_equal(game->now.kind[page], NOT_ALLOCATED);
        for (; page < first + run.pages; page++) {
            assert_int_equal(game->now.kind[page], run.ephemeral ? EPHEMERAL : PERSISTENT);
            assert_int_equal(arena_tag(address(game, page)), game->now.tag[page]);
        }
        if (page == PAGES)
            break;
    }
    for (; page < PAGES; page++)
        assert_int_equal(game->now.kind[page], NOT_ALLOCATED);
    arena_ok(game->arena, pma_root(game->arena, 5, &value));
    assert_int_equal(value, game->now.root);
    arena_ok(game->arena, pma_stat(game->arena, &stat));
    assert_int_equal(stat.event, game->newest.event);
}

struct walk {
    struct game *game;
    const struct model *expected;
    uint64_t base_page, next;
};

static void expect_none(struct walk *walk, uint64_t before)
{
    for (; walk->next < before; walk->next++)
        assert_int_not_equal(walk->expected->kind[walk->next], PERSISTENT);
}

static void see_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    struct walk *walk = context;

    expect_none(walk, page);
    for (; walk->next < page + length; walk->next++) {
        assert_int_equal(walk->expected->kind[walk->next], PERSISTENT);
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
                           const struct model *expected)
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
    options.both = which == PMA_CHECK_NEWEST;
    if (pma_check(game->place->path, &options, &visitor, &report, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.findings, 0);
    assert_int_equal(report.event, expected->event);
    expect_none(&walk, PAGES);
}

static void check_file(struct game *game)
{
    uint64_t from = 0, first, count;

    memset(game->named, 0, sizeof(game->named));
    check_snapshot(game, PMA_CHECK_NEWEST, &game->newest);
    if (game->snapshots > 0)
        check_snapshot(game, PMA_CHECK_PREVIOUS, &game->previous);
    for (; pma_next_free(game->arena, from, &first, &count) == 0; from = first + count) {
        for (uint64_t block = first; block < first + count; block++)
            assert_false(game->named[block]);
    }
}

static void snapshot(struct game *game)
{
    game->now.event++;
    arena_snapshot(game->arena, game->now.event);
    game->previous = game->newest;
    game->newest = game->now;
    game->snapshots++;
    if (random_below(&game->random, 4) == 0)
        check_file(game);
}

static void reopen(struct game *game)
{
    game->arena = arena_reopen(game->place, game->arena);
    game->now = game->newest;
    for (uint64_t i = 0; i < PAGES; i++) {
        if (game->now.kind[i] == EPHEMERAL)
            game->now.kind[i] = NOT_ALLOCATED;
    }
    if (random_below(&game->random, 2) == 0)
        look_at_everything(game);
    check_file(game);
}

static void play_move(struct game *game)
{
    switch (random_below(&game->random, 40)) {
    case 0:
    case 1:
    case 2:
    case 3:
        allocate(game);
        break;
    case 4:
        allocate_at(game);
        break;
    case 5:
    case 6:
    case 7:
        free_range(game);
        break;
    case 8:
        call_on_range(game, pma_dirty);
        break;
    case 9:
        call_on_range(game, touch);
        break;
    case 10:
    case 11:
        call_on_range(game, pma_evict);
        break;
    case 12:
    case 13:
    case 14:
    case 15:
        move(game);
        break;
    case 16:
    case 17:
        snapshot(game);
        break;
    case 18:
        if (random_below(&game->random, 3) == 0)
            reopen(game);
        break;
    case 19:
        game->now.root = random_next(&game->random);
        arena_ok(game->arena, pma_set_root(game->arena, 5, game->now.root));
        break;
    case 20:
        if (random_below(&game->random, 4) == 0)
            look_at_everything(game);
        break;
    default:
        if (random_below(&game->random, 2) == 0)
            store(game);
        else
            load(game);
    }
}

static void play(void **state, uint32_t fanout, unsigned moves, uint64_t seed)
{
    struct game *game = calloc(1, sizeof(*game));
    struct pma_options options = arena_small();

    assert_non_null(game);
    options.fanout = fanout;
    options.reserved_bytes = PAGES * PMA_PAGE_SIZE;
    game->place = *state;
    game->random = random_start("arena_model", seed);
    game->arena = arena_create(game->place, &options);
    for (unsigned i = 0; i < moves; i++)
        play_move(game);
    look_at_everything(game);
    snapshot(game);
    reopen(game);
    arena_close(game->arena);
    free(game);
}

static void an_arena_with_small_nodes_does_what_its_model_does(void **state)
{
    play(state, 4, 14000, 20240611);
}

static void an_arena_with_full_nodes_does_what_its_model_does(void **state)
{
    play(state, 0, 6000, 977);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_arena_with_small_nodes_does_what_its_model_does,
                                        arena_place_setup, arena_place_teardown),
        cmocka_unit_test_setup_teardown(an_arena_with_full_nodes_does_what_its_model_does,
                                        arena_place_setup, arena_place_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
