/* SPDX-License-Identifier: MIT */
/* Which blocks wait for views: those that a pinned snapshot can name, and no others. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "blocks.h"

/* A life of snapshots: number after number, each acknowledged. */
struct scene {
    struct blocks *blocks;
    uint64_t number; /* the last acknowledged */
    struct pins pins;
};

static struct scene begin(void)
{
    struct scene scene = {.number = 1};

    assert_int_equal(blocks_new(20, &scene.blocks), 0);
    return scene;
}

static void snapshot(struct scene *scene)
{
    const uint64_t number = scene->number + 1;

    blocks_attempt(scene->blocks);
    blocks_hold(scene->blocks, number, number > 2 ? number - 2 : 0, &scene->pins);
    blocks_acknowledge(scene->blocks);
    scene->number = number;
}

static void pin(struct scene *scene, uint64_t snapshot)
{
    scene->pins = (struct pins){.count = 1, .ranges = {{snapshot, snapshot}}};
}

static void unpin(struct scene *scene)
{
    scene->pins.count = 0;
}

static uint64_t take(struct scene *scene)
{
    uint64_t first, got;

    assert_int_equal(blocks_take(scene->blocks, 1, &first, &got), 0);
    return first;
}

static void drop(struct scene *scene, uint64_t block)
{
    assert_int_equal(blocks_drop(scene->blocks, block, 1), 0);
}

static void a_block_of_a_pinned_snapshot_is_held_when_limbo_ends(void **state)
{
    struct scene scene = begin();
    const uint64_t block = take(&scene);

    snapshot(&scene);
    pin(&scene, scene.number);
    drop(&scene, block);
    snapshot(&scene);
    assert_int_equal(blocks_count_held(scene.blocks), 0);
    snapshot(&scene);
    assert_int_equal(blocks_count_held(scene.blocks), 1);
    assert_int_equal(blocks_count_limbo(scene.blocks), 0);
    assert_false(blocks_is_free(scene.blocks, block));
    snapshot(&scene);
    assert_int_equal(blocks_count_held(scene.blocks), 1);
    blocks_free(scene.blocks);
}

static void a_held_block_is_free_when_the_pin_is_gone(void **state)
{
    struct scene scene = begin();
    const uint64_t block = take(&scene);

    snapshot(&scene);
    pin(&scene, scene.number);
    drop(&scene, block);
    snapshot(&scene);
    snapshot(&scene);
    unpin(&scene);
    blocks_review(scene.blocks, &scene.pins);
    assert_true(blocks_is_free(scene.blocks, block));
    assert_int_equal(blocks_count_held(scene.blocks), 0);
    blocks_free(scene.blocks);
}

static void a_block_that_is_younger_than_the_pin_is_not_held(void **state)
{
    struct scene scene = begin();
    uint64_t block;

    snapshot(&scene);
    pin(&scene, scene.number);
    snapshot(&scene);
    block = take(&scene);
    snapshot(&scene);
    drop(&scene, block);
    snapshot(&scene);
    snapshot(&scene);
    assert_true(blocks_is_free(scene.blocks, block));
    blocks_free(scene.blocks);
}

static void a_block_that_was_gone_before_the_pin_is_not_held(void **state)
{
    struct scene scene = begin();
    const uint64_t block = take(&scene);

    snapshot(&scene);
    drop(&scene, block);
    snapshot(&scene);
    pin(&scene, scene.number);
    snapshot(&scene);
    assert_true(blocks_is_free(scene.blocks, block));
    blocks_free(scene.blocks);
}

static void each_block_waits_for_the_pins_of_its_own_life(void **state)
{
    struct scene scene = begin();
    uint64_t first, second;

    pin(&scene, 2);
    first = take(&scene);
    snapshot(&scene); /* 2: first */
    second = take(&scene);
    drop(&scene, first);
    scene.pins = (struct pins){.count = 2, .ranges = {{2, 2}, {3, 3}}};
    snapshot(&scene); /* 3: second */
    drop(&scene, second);
    snapshot(&scene);
    snapshot(&scene);
    assert_int_equal(blocks_count_held(scene.blocks), 2);
    pin(&scene, 3);
    blocks_review(scene.blocks, &scene.pins);
    assert_true(blocks_is_free(scene.blocks, first));
    assert_false(blocks_is_free(scene.blocks, second));
    unpin(&scene);
    blocks_review(scene.blocks, &scene.pins);
    assert_true(blocks_is_free(scene.blocks, second));
    blocks_free(scene.blocks);
}

static void a_range_of_pins_holds_all_that_it_may_mean(void **state)
{
    struct scene scene = begin();
    const uint64_t block = take(&scene);

    snapshot(&scene);
    drop(&scene, block);
    scene.pins = (struct pins){.count = 1, .ranges = {{0, 50}}};
    snapshot(&scene);
    snapshot(&scene);
    assert_int_equal(blocks_count_held(scene.blocks), 1);
    blocks_free(scene.blocks);
}

static void unknown_views_hold_all_that_is_free_at_open(void **state)
{
    struct scene scene = begin();
    uint64_t first, got;

    blocks_mark_committed(scene.blocks, 2);
    scene.number = 10;
    pin(&scene, 5);
    blocks_hold_free(scene.blocks, 8, &scene.pins);
    assert_int_equal(blocks_count_held(scene.blocks), 17);
    assert_int_equal(blocks_take(scene.blocks, 1, &first, &got), -ENOSPC);
    assert_int_equal(blocks_grow(scene.blocks, 24), 0);
    assert_int_equal(take(&scene), 20);
    snapshot(&scene);
    pin(&scene, 9); /* a new one, of a snapshot that a meta page names */
    snapshot(&scene);
    assert_int_equal(blocks_count_held(scene.blocks), 0);
    blocks_free(scene.blocks);
}

static void without_views_nothing_is_held_at_open(void **state)
{
    struct scene scene = begin();

    blocks_hold_free(scene.blocks, 8, &scene.pins);
    assert_int_equal(blocks_count_held(scene.blocks), 0);
    assert_int_equal(blocks_count_free(scene.blocks), 18);
    blocks_free(scene.blocks);
}

static void what_is_known_of_a_block_survives_growth(void **state)
{
    enum { BLOCKS = 3 * 4096 };
    struct scene scene = begin();
    const uint64_t block = take(&scene);

    snapshot(&scene);
    pin(&scene, scene.number);
    drop(&scene, block);
    snapshot(&scene);
    snapshot(&scene);
    assert_int_equal(blocks_grow(scene.blocks, BLOCKS), 0);
    pin(&scene, scene.number);
    blocks_review(scene.blocks, &scene.pins);
    assert_true(blocks_is_free(scene.blocks, block));
    blocks_free(scene.blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_of_a_pinned_snapshot_is_held_when_limbo_ends),
        cmocka_unit_test(a_held_block_is_free_when_the_pin_is_gone),
        cmocka_unit_test(a_block_that_is_younger_than_the_pin_is_not_held),
        cmocka_unit_test(a_block_that_was_gone_before_the_pin_is_not_held),
        cmocka_unit_test(each_block_waits_for_the_pins_of_its_own_life),
        cmocka_unit_test(a_range_of_pins_holds_all_that_it_may_mean),
        cmocka_unit_test(unknown_views_hold_all_that_is_free_at_open),
        cmocka_unit_test(without_views_nothing_is_held_at_open),
        cmocka_unit_test(what_is_known_of_a_block_survives_growth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
