/* SPDX-License-Identifier: MIT */
/* What the page directory does, one sentence a test. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "directory.h"
#include "fake_store.h"
#include "nodes_watch.h"

struct world {
    struct nodes *pool;
    struct fake_store store;
    struct directory directory;
};

static int open_world(void **state)
{
    static struct world world;
    nodes_watch_out = 0;
    nodes_watch_overdrawn = false;
    assert_int_equal(nodes_new(&world.pool), 0);
    fake_store_init(&world.store);
    directory_init(&world.directory, world.pool, &world.store.host, 4, NULL, 0, 0);
    *state = &world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    assert_int_equal(directory_verify(&world->directory), 0);
    assert_false(world->store.misused);
    assert_false(nodes_watch_overdrawn);
    directory_deinit(&world->directory);
    assert_int_equal(nodes_watch_out, 0);
    fake_store_deinit(&world->store);
    nodes_free(world->pool);
    return 0;
}

static void put(struct directory *directory, uint64_t page, uint64_t block, uint32_t length,
                uint8_t flags)
{
    struct extent extent = {.page = page, .block = block, .length = length, .flags = flags};
    assert_int_equal(directory_put(directory, &extent), 0);
}

static void assert_extent(struct directory *directory, uint64_t page, uint64_t first,
                          uint64_t block, uint32_t length, uint8_t flags)
{
    struct extent found;
    assert_int_equal(directory_find(directory, page, &found), 0);
    assert_int_equal(found.page, first);
    assert_int_equal(found.block, block);
    assert_int_equal(found.length, length);
    assert_int_equal(found.flags, flags);
}

static void write(struct world *world)
{
    struct format_ref ref;
    assert_int_equal(directory_write(&world->directory, &world->store.writer, &ref), 0);
    world->store.writer.epoch++;
}

static void reopen(struct world *world)
{
    struct directory old = world->directory;
    directory_deinit(&world->directory);
    directory_init(&world->directory, world->pool, &world->store.host, old.fanout, &old.root_ref,
                   old.extents, old.pages);
}

/* `count` extents of one page each, two pages apart, that continue nothing. */
static void put_scattered(struct world *world, uint64_t first, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        put(&world->directory, first + 2 * i, 1000 + 3 * i, 1, 0);
}

static void an_empty_directory_has_no_page_and_no_block(void **state)
{
    struct world *world = *state;
    struct extent extent;
    struct format_ref ref;
    assert_int_equal(directory_find(&world->directory, 0, &extent), -ENOENT);
    assert_int_equal(directory_next(&world->directory, 0, &extent), -ENOENT);
    assert_int_equal(directory_write(&world->directory, &world->store.writer, &ref), 0);
    assert_int_equal(ref.block, 0);
    assert_int_equal(ref.depth, 0);
}

static void an_extent_put_inside_another_cuts_it_in_three(void **state)
{
    struct directory *directory = &((struct world *)*state)->directory;
    put(directory, 10, 100, 10, EXTENT_MAPPED);
    put(directory, 13, 500, 2, 0);
    assert_extent(directory, 12, 10, 100, 3, EXTENT_MAPPED);
    assert_extent(directory, 14, 13, 500, 2, 0);
    assert_extent(directory, 15, 15, 105, 5, EXTENT_MAPPED);
    assert_int_equal(directory->extents, 3);
    assert_int_equal(directory->pages, 10);
}

static void a_remove_inside_an_extent_leaves_both_ends(void **state)
{
    struct directory *directory = &((struct world *)*state)->directory;
    struct extent extent;
    put(directory, 10, 0, 10, 0);
    assert_int_equal(directory_remove(directory, 12, 5), 0);
    assert_extent(directory, 11, 10, 0, 2, 0);
    assert_int_equal(directory_find(directory, 12, &extent), -ENOENT);
    assert_extent(directory, 17, 17, 0, 3, 0);
}

static void removing_what_is_not_there_changes_nothing(void **state)
{
    struct world *world = *state;
    put(&world->directory, 10, 100, 2, 0);
    write(world);
    assert_int_equal(directory_remove(&world->directory, 12, 1000), 0);
    assert_int_equal(directory_remove(&world->directory, 10, 0), 0);
    assert_int_equal(directory_dirty_nodes(&world->directory), 0);
}

static void an_extent_joins_both_neighbours_that_it_continues(void **state)
{
    struct directory *directory = &((struct world *)*state)->directory;
    put(directory, 10, 100, 2, 0);
    put(directory, 15, 105, 2, 0);
    put(directory, 12, 102, 3, 0);
    assert_extent(directory, 13, 10, 100, 7, 0);
    assert_int_equal(directory->extents, 1);
}

static void a_hole_and_a_private_extent_do_not_join(void **state)
{
    struct directory *directory = &((struct world *)*state)->directory;
    put(directory, 10, 0, 2, 0);
    put(directory, 12, 0, 2, EXTENT_PRIVATE);
    put(directory, 14, 0, 2, EXTENT_PRIVATE);
    assert_extent(directory, 10, 10, 0, 2, 0);
    assert_extent(directory, 15, 12, 0, 4, EXTENT_PRIVATE);
}

static void what_is_joined_is_mapped_only_if_all_of_it_was(void **state)
{
    struct directory *directory = &((struct world *)*state)->directory;
    put(directory, 10, 100, 2, EXTENT_MAPPED);
    put(directory, 12, 102, 2, EXTENT_MAPPED);
    assert_extent(directory, 10, 10, 100, 4, EXTENT_MAPPED);
    put(directory, 14, 104, 2, 0);
    assert_extent(directory, 10, 10, 100, 6, 0);
}

static void a_join_stops_where_the_length_would_not_fit(void **state)
{
    struct directory *directory = &((struct world *)*state)->directory;
    put(directory, 0, 100, UINT32_MAX, 0);
    put(directory, UINT32_MAX, 100 + (uint64_t)UINT32_MAX, 1, 0);
    assert_int_equal(directory->extents, 2);
    assert_extent(directory, UINT32_MAX, UINT32_MAX, 100 + (uint64_t)UINT32_MAX, 1, 0);
}

static void an_extent_that_is_empty_or_passes_the_end_is_refused(void **state)
{
    struct directory *directory = &((struct world *)*state)->directory;
    struct extent empty = {.page = 1}, long_one = {.page = UINT64_MAX - 1, .length = 2};
    assert_int_equal(directory_put(directory, &empty), PMA_EARGUMENT);
    assert_int_equal(directory_put(directory, &long_one), PMA_EARGUMENT);
}

static void mapping_a_whole_extent_makes_nothing_dirty(void **state)
{
    struct world *world = *state;
    put(&world->directory, 10, 100, 4, 0);
    write(world);
    assert_int_equal(directory_flag(&world->directory, 10, 4, 0, EXTENT_MAPPED), 0);
    assert_extent(&world->directory, 10, 10, 100, 4, EXTENT_MAPPED);
    assert_int_equal(directory_dirty_nodes(&world->directory), 0);
}

static void mapping_a_part_cuts_nothing_and_unmapping_a_part_unmaps_all(void **state)
{
    struct world *world = *state;
    put(&world->directory, 10, 100, 4, 0);
    write(world);
    assert_int_equal(directory_flag(&world->directory, 11, 2, 0, EXTENT_MAPPED), 0);
    assert_extent(&world->directory, 10, 10, 100, 4, 0);
    assert_int_equal(directory_flag(&world->directory, 0, 100, 0, EXTENT_MAPPED), 0);
    assert_int_equal(directory_flag(&world->directory, 13, 9, EXTENT_MAPPED, 0), 0);
    assert_extent(&world->directory, 10, 10, 100, 4, 0);
    assert_int_equal(directory_dirty_nodes(&world->directory), 0);
}

static void making_a_part_writable_cuts_and_clearing_it_joins_again(void **state)
{
    struct directory *directory = &((struct world *)*state)->directory;
    put(directory, 10, 100, 10, EXTENT_MAPPED);
    assert_int_equal(directory_flag(directory, 12, 3, 0, EXTENT_WRITABLE), 0);
    assert_int_equal(directory->extents, 3);
    assert_extent(directory, 12, 12, 102, 3, EXTENT_MAPPED | EXTENT_WRITABLE);
    assert_int_equal(directory_flag(directory, 0, UINT64_MAX, EXTENT_WRITABLE, 0), 0);
    assert_extent(directory, 10, 10, 100, 10, EXTENT_MAPPED);
}

static void clearing_flags_reads_nothing_where_there_can_be_none(void **state)
{
    struct world *world = *state;
    put_scattered(world, 0, 100);
    write(world);
    reopen(world);
    assert_int_equal(directory_flag(&world->directory, 0, UINT64_MAX, 7, 0), 0);
    assert_int_equal(world->store.reads, 0);
}

static void flags_that_join_a_whole_leaf_keep_nodes_filled(void **state)
{
    struct world *world = *state;
    put_scattered(world, 0, 200);
    for (uint64_t page = 100; page < 132; page += 2)
        put(&world->directory, page, 5000 + page, 1, 0);
    write(world);
    for (uint64_t first = 100; first < 124; first += 4) {
        reopen(world);
        for (uint64_t page = first + 1; page < first + 7; page += 2)
            put(&world->directory, page, 5000 + page, 1, EXTENT_WRITABLE);
        assert_int_equal(directory_flag(&world->directory, 0, UINT64_MAX, EXTENT_WRITABLE, 0), 0);
        assert_int_equal(directory_verify(&world->directory), 0);
        write(world);
    }
}

static void a_directory_with_unsettled_extents_is_not_written(void **state)
{
    struct world *world = *state;
    struct format_ref ref;
    put(&world->directory, 10, 0, 1, EXTENT_PRIVATE);
    assert_int_equal(directory_write(&world->directory, &world->store.writer, &ref), PMA_EBUG);
    put(&world->directory, 10, 100, 1, EXTENT_WRITABLE);
    assert_int_equal(directory_write(&world->directory, &world->store.writer, &ref), PMA_EBUG);
    assert_int_equal(world->store.live, 0);
}

static void a_gap_is_free_in_both_directories(void **state)
{
    struct world *world = *state;
    struct directory ephemeral;
    uint64_t page;
    directory_init(&ephemeral, world->pool, NULL, 4, NULL, 0, 0);
    put(&world->directory, 0, 100, 4, 0);
    put(&ephemeral, 6, 200, 4, EXTENT_WRITABLE);
    put(&world->directory, 13, 300, 2, 0);
    assert_int_equal(directory_gap(&world->directory, &ephemeral, 0, 100, 2, &page), 0);
    assert_int_equal(page, 4);
    assert_int_equal(directory_gap(&world->directory, &ephemeral, 0, 100, 3, &page), 0);
    assert_int_equal(page, 10);
    assert_int_equal(directory_gap(&world->directory, &ephemeral, 5, 17, 3, &page), 0);
    assert_int_equal(page, 10);
    assert_int_equal(directory_gap(&world->directory, &ephemeral, 11, 17, 3, &page), -ENOMEM);
    assert_int_equal(directory_gap(&world->directory, &ephemeral, 0, 100, UINT64_MAX, &page),
                     -ENOMEM);
    directory_deinit(&ephemeral);
}

static void a_volatile_directory_splits_and_merges_without_a_host(void **state)
{
    struct world *world = *state;
    struct directory ephemeral;
    directory_init(&ephemeral, world->pool, NULL, 4, NULL, 0, 0);
    for (uint64_t page = 0; page < 200; page += 2)
        put(&ephemeral, page, 0, 1, EXTENT_PRIVATE);
    assert_int_equal(directory_verify(&ephemeral), 0);
    assert_int_equal(directory_remove(&ephemeral, 10, 180), 0);
    assert_int_equal(directory_verify(&ephemeral), 0);
    assert_int_equal(ephemeral.extents, 10);
    directory_deinit(&ephemeral);
}

static void a_change_writes_only_the_way_to_its_leaf(void **state)
{
    struct world *world = *state;
    put_scattered(world, 0, 200);
    write(world);
    unsigned depth = world->directory.root_ref.depth;
    uint64_t before = world->store.writes;
    put(&world->directory, 200, 7777, 1, 0);
    assert_int_equal(directory_dirty_nodes(&world->directory), depth);
    write(world);
    assert_int_equal(world->store.writes - before, depth);
}

static void a_clean_child_that_becomes_the_root_is_not_written_again(void **state)
{
    struct world *world = *state;
    put_scattered(world, 0, 5);
    write(world);
    assert_int_equal(world->directory.root_ref.depth, 2);
    uint64_t page = 4, before = world->store.writes;
    assert_int_equal(directory_remove(&world->directory, page, UINT64_MAX), 0);
    assert_int_equal(directory_verify(&world->directory), 0);
    write(world);
    assert_int_equal(world->store.writes, before);
    assert_int_equal(world->directory.root_ref.depth, 1);
    assert_int_equal(world->store.live, 1);
    reopen(world);
    assert_extent(&world->directory, 2, 2, 1003, 1, 0);
}

static void a_write_that_fails_halfway_goes_on_where_it_stopped(void **state)
{
    struct world *world = *state;
    struct format_ref ref = {.block = 99};
    put_scattered(world, 0, 100);
    uint64_t dirty = directory_dirty_nodes(&world->directory);
    world->store.fail_take = 8;
    assert_int_equal(directory_write(&world->directory, &world->store.writer, &ref), -ENOSPC);
    assert_int_equal(ref.block, 99);
    assert_int_equal(directory_dirty_nodes(&world->directory), dirty - 7);
    write(world);
    assert_int_equal(world->store.live, dirty);
}

static void redo_moves_every_node_of_the_failed_epoch(void **state)
{
    struct world *world = *state;
    put_scattered(world, 0, 100);
    write(world);
    put(&world->directory, 50, 9000, 1, 0);
    write(world);
    unsigned depth = world->directory.root_ref.depth;
    uint64_t failed = world->store.writer.epoch - 1, live = world->store.live;
    assert_int_equal(directory_redo(&world->directory, failed), 0);
    assert_int_equal(directory_dirty_nodes(&world->directory), depth);
    assert_int_equal(directory_verify(&world->directory), 0);
    write(world);
    assert_int_equal(world->store.live, live);
}

static int count_dirty(void *context, const struct extent *extent)
{
    ++*(uint64_t *)context;
    return extent->page == 4 ? -ECANCELED : 0;
}

static void a_walk_over_dirty_leaves_sees_no_others_and_stops_when_told(void **state)
{
    struct world *world = *state;
    uint64_t seen = 0;
    put_scattered(world, 0, 100);
    write(world);
    put(&world->directory, 150, 9000, 1, 0);
    assert_int_equal(directory_each_dirty(&world->directory, 0, 0, count_dirty, &seen), 0);
    assert_in_range(seen, 1, 4);
    seen = 0;
    assert_int_equal(directory_each_dirty(&world->directory, 0, 151, count_dirty, &seen), 0);
    assert_in_range(seen, 0, 3);
    seen = 0;
    assert_int_equal(directory_each(&world->directory, 0, count_dirty, &seen), -ECANCELED);
    assert_int_equal(seen, 3);
}

static void nodes_behind_a_block_are_written_elsewhere(void **state)
{
    struct world *world = *state;
    put_scattered(world, 0, 100);
    write(world);
    const uint64_t nodes = world->store.live, last = world->store.count - 1;
    const unsigned depth = world->directory.root_ref.depth;
    struct format_ref ref = world->directory.root_ref;
    directory_deinit(&world->directory);
    directory_init(&world->directory, world->pool, &world->store.host, 4, &ref, 100, 100);

    assert_int_equal(directory_vacate(&world->directory, last + 1), 0);
    assert_int_equal(directory_dirty_nodes(&world->directory), 0);
    assert_int_equal(directory_vacate(&world->directory, last), 0); /* the root is written last */
    assert_int_equal(directory_dirty_nodes(&world->directory), 1);
    assert_int_equal(directory_vacate(&world->directory, last - 1), 0);
    assert_in_range(directory_dirty_nodes(&world->directory), 2, depth);
    assert_int_equal(directory_vacate(&world->directory, FAKE_STORE_FIRST), 0);
    assert_int_equal(directory_dirty_nodes(&world->directory), nodes);
    assert_int_equal(directory_verify(&world->directory), 0);
    write(world);
    assert_int_equal(world->store.live, nodes);
}

static void a_packed_directory_has_as_few_nodes_as_it_needs(void **state)
{
    struct world *world = *state;
    static struct extent extents[400];
    for (uint64_t count = 0; count <= 400; count += count < 20 ? 1 : 19) {
        uint64_t nodes = 0;
        for (uint64_t i = 0; i < count; i++)
            extents[i] = (struct extent){.page = 3 * i, .block = 100 + 5 * i, .length = 2};
        for (uint64_t entries = count; entries > 0; entries = entries > 1 ? entries : 0)
            nodes += entries = (entries + 3) / 4;
        assert_int_equal(directory_pack(&world->directory, extents, count), 0);
        assert_int_equal(directory_verify(&world->directory), 0);
        assert_int_equal(world->directory.extents, count);
        assert_int_equal(directory_dirty_nodes(&world->directory), nodes);
        for (uint64_t i = 0; i < count; i++)
            assert_extent(&world->directory, 3 * i + 1, 3 * i, 100 + 5 * i, 2, 0);
        directory_deinit(&world->directory);
        directory_init(&world->directory, world->pool, &world->store.host, 4, NULL, 0, 0);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(an_empty_directory_has_no_page_and_no_block),
        TEST(an_extent_put_inside_another_cuts_it_in_three),
        TEST(a_remove_inside_an_extent_leaves_both_ends),
        TEST(removing_what_is_not_there_changes_nothing),
        TEST(an_extent_joins_both_neighbours_that_it_continues),
        TEST(a_hole_and_a_private_extent_do_not_join),
        TEST(what_is_joined_is_mapped_only_if_all_of_it_was),
        TEST(a_join_stops_where_the_length_would_not_fit),
        TEST(an_extent_that_is_empty_or_passes_the_end_is_refused),
        TEST(mapping_a_whole_extent_makes_nothing_dirty),
        TEST(mapping_a_part_cuts_nothing_and_unmapping_a_part_unmaps_all),
        TEST(making_a_part_writable_cuts_and_clearing_it_joins_again),
        TEST(clearing_flags_reads_nothing_where_there_can_be_none),
        TEST(flags_that_join_a_whole_leaf_keep_nodes_filled),
        TEST(a_directory_with_unsettled_extents_is_not_written),
        TEST(a_gap_is_free_in_both_directories),
        TEST(a_volatile_directory_splits_and_merges_without_a_host),
        TEST(a_change_writes_only_the_way_to_its_leaf),
        TEST(a_clean_child_that_becomes_the_root_is_not_written_again),
        TEST(a_write_that_fails_halfway_goes_on_where_it_stopped),
        TEST(redo_moves_every_node_of_the_failed_epoch),
        TEST(a_walk_over_dirty_leaves_sees_no_others_and_stops_when_told),
        TEST(nodes_behind_a_block_are_written_elsewhere),
        TEST(a_packed_directory_has_as_few_nodes_as_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
