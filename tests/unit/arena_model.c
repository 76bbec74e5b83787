/* SPDX-License-Identifier: MIT */
/* An arena does what a model of it does, over thousands of random operations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "arena_game.h"

struct limits {
    uint64_t pages;
    uint32_t mappings;
};

static void play(const struct arena_place *place, uint32_t fanout, struct limits limits,
                 unsigned moves, uint64_t seed)
{
    struct pma_stat stat;
    struct game *game = game_new(place, random_start("arena_model", seed).state);

    game->options.resident_bytes = limits.pages * PMA_PAGE_SIZE;
    game->options.mapping_limit = limits.mappings;
    game_create(game, fanout);
    game_play(game, moves);
    game_look(game);
    game_snapshot(game);
    game_reopen(game);
    game_look(game);
    arena_ok(game->arena, pma_stat(game->arena, &stat));
    assert_int_equal(stat.evicted_pages > 0, limits.pages > 0 || limits.mappings > 0);
    game_check_file(game);
    game_free(game);
}

static void an_arena_with_small_nodes_does_what_its_model_does(void **state)
{
    play(*state, 4, (struct limits){0}, 14000, 20240611);
}

static void an_arena_with_full_nodes_does_what_its_model_does(void **state)
{
    play(*state, 0, (struct limits){0}, 6000, 977);
}

static void an_arena_with_little_memory_does_what_its_model_does(void **state)
{
    play(*state, 4, (struct limits){.pages = 32}, 6000, 5151);
}

static void an_arena_with_few_mappings_does_what_its_model_does(void **state)
{
    play(*state, 4, (struct limits){.mappings = 32}, 6000, 31);
}

static void an_arena_with_little_of_both_does_what_its_model_does(void **state)
{
    play(*state, 4, (struct limits){.pages = 48, .mappings = 40}, 6000, 2718);
}

#define model_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(an_arena_with_small_nodes_does_what_its_model_does),
        model_test(an_arena_with_full_nodes_does_what_its_model_does),
        model_test(an_arena_with_little_memory_does_what_its_model_does),
        model_test(an_arena_with_few_mappings_does_what_its_model_does),
        model_test(an_arena_with_little_of_both_does_what_its_model_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
