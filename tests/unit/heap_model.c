/* SPDX-License-Identifier: MIT */
/* A heap does what a model of it does, over thousands of random operations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "heap_game.h"

static void a_heap_does_what_its_model_does(void **state)
{
    struct heap_game *game = heap_game_new(*state, random_start("heap_model", 31).state);

    heap_game_create(game);
    heap_game_play(game, 4000);
    heap_game_look(game);
    heap_game_snapshot(game);
    heap_game_reopen(game);
    heap_game_look(game);
    arena_check(*state);
    heap_game_free(game);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_heap_does_what_its_model_does, arena_place_setup,
                                        arena_place_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
