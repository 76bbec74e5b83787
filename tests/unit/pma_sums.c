/* SPDX-License-Identifier: MIT */
/* The checksum tree: grows with the file, is written copy-on-write, notices damage. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_store.h"
#include "nodes_watch.h"
#include "random.h"
#include "sums.h"

enum { LEAF = FORMAT_SUMS_LEAF, INNER = FORMAT_SUMS_INNER };

struct world {
    struct nodes *pool;
    struct fake_store store;
    struct sums sums;
};

static int open_world(void **state)
{
    static struct world world;
    nodes_watch_out = 0;
    nodes_watch_overdrawn = false;
    assert_int_equal(nodes_new(&world.pool), 0);
    fake_store_init(&world.store);
    sums_init(&world.sums, world.pool, &world.store.host, NULL);
    *state = &world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    assert_false(world->store.misused);
    assert_false(nodes_watch_overdrawn);
    sums_deinit(&world->sums);
    assert_int_equal(nodes_watch_out, 0);
    fake_store_deinit(&world->store);
    nodes_free(world->pool);
    return 0;
}

static void set(struct world *world, uint64_t block, uint64_t checksum)
{
    assert_int_equal(sums_set(&world->sums, block, checksum), 0);
}

static void assert_sum(struct world *world, uint64_t block, uint64_t checksum)
{
    uint64_t found;
    assert_int_equal(sums_get(&world->sums, block, &found), 0);
    assert_int_equal(found, checksum);
}

static void assert_no_sum(struct world *world, uint64_t block)
{
    uint64_t found = 77;
    assert_int_equal(sums_get(&world->sums, block, &found), -ENOENT);
    assert_int_equal(found, 77);
}

static void write(struct world *world, uint64_t blocks)
{
    struct format_ref ref;
    assert_int_equal(sums_write(&world->sums, &world->store.writer, blocks, &ref), 0);
    assert_int_equal(sums_dirty_nodes(&world->sums), 0);
    world->store.writer.epoch++;
}

static void reopen(struct world *world)
{
    struct format_ref ref = world->sums.root_ref;
    sums_deinit(&world->sums);
    sums_init(&world->sums, world->pool, &world->store.host, &ref);
}

static int count(void *context, uint64_t block)
{
    ++*(uint64_t *)context;
    return 0;
}

static uint64_t count_nodes(struct world *world)
{
    uint64_t nodes = 0;
    assert_int_equal(sums_each_node(&world->sums, count, &nodes), 0);
    return nodes;
}

static void the_depth_is_the_smallest_that_covers_the_file(void **state)
{
    assert_int_equal(sums_depth(0), 1);
    assert_int_equal(sums_depth(LEAF), 1);
    assert_int_equal(sums_depth(LEAF + 1), 2);
    assert_int_equal(sums_depth(LEAF * INNER), 2);
    assert_int_equal(sums_depth(LEAF * INNER + 1), 3);
    assert_in_range(sums_depth(UINT64_MAX), 8, 9);
}

static void an_empty_tree_has_no_sum_and_stays_empty(void **state)
{
    struct world *world = *state;
    assert_no_sum(world, 0);
    write(world, 100000);
    assert_int_equal(world->sums.root_ref.block, 0);
    assert_int_equal(world->sums.root_ref.depth, 0);
    assert_int_equal(count_nodes(world), 0);
}

static void a_sum_is_found_again_after_the_tree_has_grown(void **state)
{
    struct world *world = *state;
    set(world, 5, 50);
    set(world, LEAF, 51);
    set(world, 3 * LEAF * INNER + 9, 52);
    assert_int_equal(world->sums.depth, 3);
    set(world, 6, 53);
    assert_sum(world, 5, 50);
    assert_sum(world, 6, 53);
    assert_sum(world, LEAF, 51);
    assert_sum(world, 3 * LEAF * INNER + 9, 52);
    assert_no_sum(world, 2 * LEAF);
    assert_no_sum(world, (uint64_t)LEAF * INNER * INNER);
}

static void a_tree_grows_before_it_was_read(void **state)
{
    struct world *world = *state;
    set(world, 5, 50);
    write(world, 10);
    reopen(world);
    set(world, 2 * LEAF * INNER, 51);
    assert_int_equal(world->store.reads, 0);
    assert_sum(world, 5, 50);
    write(world, 3 * LEAF * INNER);
    reopen(world);
    assert_sum(world, 5, 50);
    assert_sum(world, 2 * LEAF * INNER, 51);
}

static void a_write_covers_the_file_even_if_no_sum_is_that_far(void **state)
{
    struct world *world = *state;
    set(world, 5, 50);
    write(world, LEAF);
    assert_int_equal(world->sums.root_ref.depth, 1);
    write(world, LEAF * INNER + 1);
    assert_int_equal(world->sums.root_ref.depth, 3);
    reopen(world);
    assert_sum(world, 5, 50);
    assert_int_equal(world->store.live, 3);
}

static void a_write_below_what_is_covered_is_a_bug(void **state)
{
    struct world *world = *state;
    struct format_ref ref;
    set(world, LEAF, 50);
    assert_int_equal(sums_write(&world->sums, &world->store.writer, LEAF, &ref), PMA_EBUG);
    assert_int_equal(world->store.writes, 0);
}

static void a_changed_sum_writes_only_the_way_to_its_leaf(void **state)
{
    struct world *world = *state;
    for (uint64_t leaf = 0; leaf < 200; leaf++)
        set(world, leaf * LEAF, leaf);
    write(world, 200 * LEAF);
    assert_int_equal(world->store.live, 200 + 2 + 1);
    reopen(world);
    uint64_t before = world->store.writes;
    set(world, 100 * LEAF + 3, 999);
    assert_int_equal(sums_dirty_nodes(&world->sums), 3);
    write(world, 200 * LEAF);
    assert_int_equal(world->store.writes - before, 3);
    assert_int_equal(world->store.live, 203);
    assert_int_equal(count_nodes(world), 203);
    assert_sum(world, 100 * LEAF, 100);
}

static void without_memory_nothing_changes(void **state)
{
    struct world *world = *state;
    set(world, 5, 50);
    write(world, LEAF);
    nodes_watch_fail = 1;
    assert_int_equal(sums_set(&world->sums, LEAF, 51), -ENOMEM);
    nodes_watch_fail = 1;
    struct format_ref ref;
    assert_int_equal(sums_write(&world->sums, &world->store.writer, LEAF + 1, &ref), -ENOMEM);
    nodes_watch_fail = 0;
    assert_int_equal(world->sums.depth, 1);
    assert_int_equal(sums_dirty_nodes(&world->sums), 0);
}

static void a_failed_write_goes_on_where_it_stopped(void **state)
{
    struct world *world = *state;
    struct format_ref ref;
    for (uint64_t leaf = 0; leaf < 10; leaf++)
        set(world, leaf * LEAF, leaf);
    world->store.fail_write = 4;
    assert_int_equal(sums_write(&world->sums, &world->store.writer, 10 * LEAF, &ref), -EIO);
    assert_int_equal(sums_dirty_nodes(&world->sums), 8);
    assert_int_equal(world->store.live, 3);
    write(world, 10 * LEAF);
    assert_int_equal(world->store.live, 11);
}

static void redo_moves_every_node_of_the_failed_epoch(void **state)
{
    struct world *world = *state;
    for (uint64_t leaf = 0; leaf < 10; leaf++)
        set(world, leaf * LEAF, leaf);
    write(world, 10 * LEAF);
    set(world, 1, 1);
    write(world, 10 * LEAF);
    assert_int_equal(sums_redo(&world->sums, world->store.writer.epoch - 1), 0);
    assert_int_equal(sums_dirty_nodes(&world->sums), 2);
    write(world, 10 * LEAF);
    assert_int_equal(world->store.live, 11);
}

static void every_flipped_byte_of_a_node_is_noticed(void **state)
{
    struct world *world = *state;
    uint64_t found;
    set(world, 0, 1);
    set(world, LEAF, 2);
    write(world, 2 * LEAF);
    for (uint64_t block = FAKE_STORE_FIRST; block < world->store.count; block++) {
        unsigned char *bytes = fake_store_block(&world->store, block);
        for (unsigned i = 0; i < PMA_PAGE_SIZE; i++) {
            bytes[i] ^= (unsigned char)(1u << (i % 8));
            reopen(world);
            int first = sums_get(&world->sums, 0, &found);
            int second = sums_get(&world->sums, LEAF, &found);
            assert_true(first == PMA_ECORRUPT || second == PMA_ECORRUPT);
            bytes[i] ^= (unsigned char)(1u << (i % 8));
        }
    }
}

/* A field of the root that is wrong although the checksum is right. */
static void refuse(struct world *world, void *field, uint64_t value, size_t size)
{
    struct format_ref *ref = &world->sums.root_ref;
    unsigned char *bytes = fake_store_block(&world->store, ref->block), before[8];
    uint64_t found;
    memcpy(before, field, size);
    memcpy(field, &value, size);
    ref->checksum = format_checksum(bytes, PMA_PAGE_SIZE);
    reopen(world);
    assert_int_equal(sums_get(&world->sums, 0, &found), PMA_ECORRUPT);
    assert_int_equal(sums_set(&world->sums, 0, 3), PMA_ECORRUPT);
    assert_int_equal(sums_dirty_nodes(&world->sums), 0);
    memcpy(field, before, size);
    ref->checksum = format_checksum(bytes, PMA_PAGE_SIZE);
}

#define REFUSE(field, value) refuse(world, &(field), (value), sizeof(field))

static void a_node_that_cannot_be_is_refused(void **state)
{
    struct world *world = *state;
    set(world, 0, 1);
    write(world, 2 * LEAF);
    union node_bytes *root =
        (union node_bytes *)fake_store_block(&world->store, world->sums.root_ref.block);
    struct format_ref *children = root->sums_inner.children;
    REFUSE(root->header.kind, FORMAT_KIND_DIRECTORY);
    REFUSE(root->header.level, 0);
    REFUSE(root->header.count, INNER - 1);
    REFUSE(root->header.block, 99);
    REFUSE(root->header.epoch, 99);
    REFUSE(root->header.index, 1);
    REFUSE(children[0].block, 1);
    REFUSE(children[0].depth, 2);
    REFUSE(children[0].epoch, 99);
    REFUSE(children[0].reserved, 1);
    REFUSE(children[1].depth, 1); /* of a node that does not exist */
    REFUSE(children[INNER - 1].checksum, 1);
}

/* Leaves 0, 1 and 126 below the first inner node, 127 below the second. */
static void put_far_and_near(struct world *world)
{
    set(world, 5, 50);
    set(world, LEAF + 1, 51);
    set(world, LEAF * (INNER - 1) + 2, 52);
    set(world, LEAF * INNER + 3, 53);
    write(world, LEAF * INNER + LEAF);
}

static void a_cut_takes_out_what_covers_only_blocks_behind_it(void **state)
{
    struct world *world = *state;
    for (int round = 0; round < 2; round++) {
        put_far_and_near(world);
        assert_int_equal(count_nodes(world), 7);
        if (round == 1)
            reopen(world);
        assert_int_equal(sums_cut(&world->sums, LEAF + 2), 0);
        write(world, LEAF + 2);
        assert_int_equal(world->sums.root_ref.depth, 2);
        assert_int_equal(count_nodes(world), 3);
        assert_int_equal(world->store.live, 3);
        assert_sum(world, 5, 50);
        assert_sum(world, LEAF + 1, 51);
        assert_no_sum(world, LEAF * (INNER - 1) + 2);
        assert_no_sum(world, LEAF * INNER + 3);
    }
}

static void a_cut_to_one_leaf_leaves_a_leaf(void **state)
{
    struct world *world = *state;
    put_far_and_near(world);
    reopen(world);
    assert_int_equal(sums_cut(&world->sums, 6), 0);
    assert_int_equal(world->sums.depth, 1);
    write(world, 6);
    assert_int_equal(world->store.live, 1);
    assert_sum(world, 5, 50);
    set(world, 3 * LEAF, 54);
    write(world, 4 * LEAF);
    assert_sum(world, 5, 50);
    assert_sum(world, 3 * LEAF, 54);
}

static void a_cut_can_leave_nothing(void **state)
{
    struct world *world = *state;
    set(world, 2 * LEAF, 1);
    write(world, 3 * LEAF);
    assert_int_equal(sums_cut(&world->sums, LEAF), 0);
    assert_int_equal(world->store.live, 0);
    write(world, LEAF);
    assert_int_equal(world->sums.root_ref.block, 0);
    set(world, 7, 8);
    write(world, LEAF);
    assert_sum(world, 7, 8);
}

static void a_cut_behind_everything_changes_nothing(void **state)
{
    struct world *world = *state;
    put_far_and_near(world);
    assert_int_equal(sums_cut(&world->sums, LEAF * INNER + LEAF), 0);
    assert_int_equal(sums_dirty_nodes(&world->sums), 0);
    assert_int_equal(count_nodes(world), 7);
}

static void a_cut_that_cannot_read_changes_nothing(void **state)
{
    struct world *world = *state;
    put_far_and_near(world);
    reopen(world);
    world->store.fail_read = 3;
    assert_int_equal(sums_cut(&world->sums, 6), -EIO);
    assert_int_equal(sums_dirty_nodes(&world->sums), 0);
    assert_sum(world, LEAF * INNER + 3, 53);
    assert_int_equal(world->store.live, 7);
}

/* The store gives out blocks upwards, so the leaf written first is the lowest. */
static void nodes_behind_a_block_are_written_elsewhere(void **state)
{
    struct world *world = *state;
    put_far_and_near(world);
    reopen(world);
    assert_int_equal(sums_vacate(&world->sums, world->store.count), 0);
    assert_int_equal(sums_dirty_nodes(&world->sums), 0);
    assert_int_equal(sums_vacate(&world->sums, FAKE_STORE_FIRST + 1), 0);
    assert_int_equal(sums_dirty_nodes(&world->sums), 6);
    write(world, LEAF * INNER + LEAF);
    assert_int_equal(sums_vacate(&world->sums, FAKE_STORE_FIRST), 0);
    assert_int_equal(sums_dirty_nodes(&world->sums), 7);
    write(world, LEAF * INNER + LEAF);
    assert_int_equal(world->store.live, 7);
    assert_sum(world, 5, 50);
    assert_sum(world, LEAF * INNER + 3, 53);
}

static void many_sums_survive_many_writes(void **state)
{
    enum { BLOCKS = 40 * LEAF, STEPS = 3000 };
    static uint64_t model[BLOCKS];
    struct world *world = *state;
    struct random random = random_start("pma_sums", 7);
    uint64_t covered = 10;
    for (unsigned step = 0; step < STEPS; step++) {
        uint64_t block = random_below(&random, covered);
        model[block] = random_next(&random) | 1;
        set(world, block, model[block]);
        block = random_below(&random, covered);
        if (model[block])
            assert_sum(world, block, model[block]);
        if (random_below(&random, 50) == 0) {
            write(world, covered);
            assert_int_equal(count_nodes(world), world->store.live);
            covered = covered * 5 / 4 < BLOCKS ? covered * 5 / 4 : BLOCKS;
            if (random_below(&random, 2) == 0)
                reopen(world);
        }
    }
    for (uint64_t block = 0; block < BLOCKS; block++) {
        if (model[block])
            assert_sum(world, block, model[block]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_depth_is_the_smallest_that_covers_the_file),
        TEST(an_empty_tree_has_no_sum_and_stays_empty),
        TEST(a_sum_is_found_again_after_the_tree_has_grown),
        TEST(a_tree_grows_before_it_was_read),
        TEST(a_write_covers_the_file_even_if_no_sum_is_that_far),
        TEST(a_write_below_what_is_covered_is_a_bug),
        TEST(a_changed_sum_writes_only_the_way_to_its_leaf),
        TEST(without_memory_nothing_changes),
        TEST(a_failed_write_goes_on_where_it_stopped),
        TEST(redo_moves_every_node_of_the_failed_epoch),
        TEST(every_flipped_byte_of_a_node_is_noticed),
        TEST(a_node_that_cannot_be_is_refused),
        TEST(a_cut_takes_out_what_covers_only_blocks_behind_it),
        TEST(a_cut_to_one_leaf_leaves_a_leaf),
        TEST(a_cut_can_leave_nothing),
        TEST(a_cut_behind_everything_changes_nothing),
        TEST(a_cut_that_cannot_read_changes_nothing),
        TEST(nodes_behind_a_block_are_written_elsewhere),
        TEST(many_sums_survive_many_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
