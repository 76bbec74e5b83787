/* SPDX-License-Identifier: MIT */
/*
 * Every fault point fails, at its first hit, its second, and so on until a run gets through without
 * meeting the fault: once only, and for good. Whatever fails, the arena goes on from where it was
 * or is poisoned, and the next open shows the last snapshot or one that was attempted since.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/fault_points.h>

#include "arena_game.h"
#include "fault_plan.h"

enum { MOVES = 160, SEED = 5, FANOUT = 4 };

static const char *const points[] = {
#define POINT_NAME(identifier, name, class, default_errno, text) name,
    PMA_FAULT_POINTS(POINT_NAME)
#undef POINT_NAME
};

struct sweep {
    const char *point;
    unsigned n;
    bool persistent;
    int error;
    bool store_only;
    bool limited; /* so little memory and so few mappings that the clock always runs */
};

/* After all that: the file must be as good as any. */
static void demand_recovery(struct game *game)
{
    game->faults = false;
    if (!game->arena || game->poisoned)
        game_reopen(game);
    game_look(game);
    game_snapshot(game);
    game_look(game);
    game_reopen(game);
    game_look(game);
    game_check_file(game);
    game_play(game, 20);
}

/* The one that is brought along meets every point. */
static uint64_t seed(void)
{
    static struct random random;

    if (random.state == 0)
        random = random_start("arena_sweep", SEED);
    return random.state;
}

/* Returns whether the fault was met. */
static bool run(const struct arena_place *place, const struct sweep *sweep)
{
    struct game *game = game_new(place, seed());
    bool created, met;

    game->faults = true;
    game->store_only = sweep->store_only;
    game->options.defragment_blocks = 5;
    game->options.keep_blocks = 40;
    if (sweep->limited) {
        game->options.resident_bytes = 32 * PMA_PAGE_SIZE;
        game->options.mapping_limit = 40;
    }
    fault_plan_arm(sweep->point, sweep->n, sweep->persistent, sweep->error);
    created = game_create(game, FANOUT);
    if (created) {
        game_play(game, MOVES);
        game_tour(game);
    }
    fault_plan_disarm();
    met = fault_plan_hits() >= sweep->n;
    if (created)
        demand_recovery(game);
    else
        assert_int_not_equal(access(place->path, F_OK), 0);
    game_free(game);
    unlink(place->path);
    return met;
}

/* Only a fault somewhere else leads to a private copy of a persistent page; some points are met
 * with one way of copying only. */
static bool is_met(const char *point)
{
    static const char *const eager[] = {"pma/cow/copy", "pma/evict/writeback"};
    bool met = strcmp(point, "pma/cow/private") != 0;

    if (!arena_copies_lazily())
        return met && strncmp(point, "pma/lazy/", 9) != 0;
    for (size_t i = 0; i < sizeof(eager) / sizeof(*eager); i++)
        met = met && strcmp(point, eager[i]) != 0;
    return met;
}

/* Every hit of the first few, then every so many. All of them take many minutes: label long. */
static unsigned next_hit(unsigned n)
{
    enum { EACH = 12, SHARE = 6 };

    return n < EACH || getenv("PMA_TEST_EACH_HIT") ? n + 1 : n + n / SHARE;
}

static void sweep_point(const struct arena_place *place, struct sweep sweep)
{
    for (sweep.n = 1;; sweep.n = next_hit(sweep.n)) {
        bool met;

        sweep.persistent = false;
        met = run(place, &sweep);
        sweep.persistent = true;
        met = run(place, &sweep) || met;
        if (!met)
            break;
    }
    print_message("%s: fewer than %u hits\n", sweep.point, sweep.n);
    if (seed() == SEED && is_met(sweep.point))
        assert_true(sweep.n > 1);
}

static void any_fault_point_may_fail_at_any_hit(void **state)
{
    for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++)
        sweep_point(*state, (struct sweep){.point = points[i]});
}

/* With lazy copying each arena does much more there: only what concerns the two together. */
static void any_fault_point_may_fail_while_the_clock_runs(void **state)
{
    static const char *const together[] = {"pma/lazy/scan", "pma/private/write", "pma/unmap"};

    for (size_t i = 0; arena_copies_lazily() && i < sizeof(together) / sizeof(*together); i++)
        sweep_point(*state, (struct sweep){.point = together[i], .limited = true});
    for (size_t i = 0; !arena_copies_lazily() && i < sizeof(points) / sizeof(*points); i++)
        sweep_point(*state, (struct sweep){.point = points[i], .limited = true});
}

static void stores_go_on_when_copies_fail(void **state)
{
    sweep_point(*state, (struct sweep){.point = "pma/cow/copy", .store_only = true});
}

static void stores_go_on_when_the_file_cannot_grow(void **state)
{
    sweep_point(*state, (struct sweep){.point = "pma/grow", .store_only = true});
}

static void stores_go_on_while_the_free_blocks_are_not_known(void **state)
{
    sweep_point(*state, (struct sweep){.point = "pma/recover/space", .store_only = true});
}

static void a_move_survives_a_kernel_that_moves_one_mapping_a_call(void **state)
{
    enum { EFAULT_NUMBER = 14 };

    sweep_point(*state, (struct sweep){.point = "pma/move/remap", .error = EFAULT_NUMBER});
}

#define sweep_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, fault_plan_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        sweep_test(stores_go_on_when_copies_fail),
        sweep_test(stores_go_on_when_the_file_cannot_grow),
        sweep_test(stores_go_on_while_the_free_blocks_are_not_known),
        sweep_test(a_move_survives_a_kernel_that_moves_one_mapping_a_call),
        sweep_test(any_fault_point_may_fail_at_any_hit),
        sweep_test(any_fault_point_may_fail_while_the_clock_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
