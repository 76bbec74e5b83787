/* SPDX-License-Identifier: MIT */
/* An arena does what a model of it does, over thousands of random operations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "arena_game.h"

static void play(const struct arena_place *place, uint32_t fanout, unsigned moves, uint64_t seed)
{
    struct game *game = game_new(place, random_start("arena_model", seed).state);

    game_create(game, fanout);
    game_play(game, moves);
    game_look(game);
    game_snapshot(game);
    game_reopen(game);
    game_look(game);
    game_check_file(game);
    game_free(game);
}

static void an_arena_with_small_nodes_does_what_its_model_does(void **state)
{
    play(*state, 4, 14000, 20240611);
}

static void an_arena_with_full_nodes_does_what_its_model_does(void **state)
{
    play(*state, 0, 6000, 977);
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
