/* SPDX-License-Identifier: MIT */
/*
 * Work on the heap while every fault point fails, at its first hit, its second, and so on until a
 * run gets through without meeting the fault: once only, and for good. A call that fails has
 * changed no object, and the heap stays whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/fault_points.h>

#include "fault_plan.h"
#include "heap_game.h"

enum { MOVES = 120, SEED = 8 };

static const char *const points[] = {
#define POINT_NAME(identifier, name, class, default_errno, text) name,
    PMA_FAULT_POINTS(POINT_NAME)
#undef POINT_NAME
};

static void demand_recovery(struct heap_game *game)
{
    game->faults = false;
    if (!game->arena || game->poisoned)
        heap_game_reopen(game);
    heap_game_look(game);
    heap_game_play(game, 20);
    heap_game_snapshot(game);
    heap_game_reopen(game);
    heap_game_look(game);
}

/* Returns whether the fault was met. */
static bool run(const struct arena_place *place, const char *point, unsigned n, bool persistent)
{
    struct heap_game *game = heap_game_new(place, SEED);
    bool created, met;

    created = heap_game_create(game);
    game->faults = true;
    fault_plan_arm(point, n, persistent, 0);
    heap_game_play(game, MOVES);
    fault_plan_disarm();
    met = fault_plan_hits() >= n;
    if (created)
        demand_recovery(game);
    heap_game_free(game);
    unlink(place->path);
    return met;
}

static void any_fault_point_may_fail_under_the_heap(void **state)
{
    for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
        unsigned n = 1;

        while (run(*state, points[i], n, false) | run(*state, points[i], n, true))
            n++;
        print_message("%s: %u hits\n", points[i], n - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_fault_point_may_fail_under_the_heap, arena_place_setup,
                                        fault_plan_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
