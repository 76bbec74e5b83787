/* SPDX-License-Identifier: MIT */
/* A directory whose nodes on disk are not what they should be. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "directory.h"
#include "fake_store.h"
#include "nodes_watch.h"

enum { FANOUT = 4, EXTENTS = 40, LAST_PAGE = 2 * (EXTENTS - 1) };

struct world {
    struct nodes *pool;
    struct fake_store store;
    struct format_ref ref;
};

static int write_tree(void **state)
{
    static struct world world;
    struct directory directory;
    nodes_watch_out = 0;
    assert_int_equal(nodes_new(&world.pool), 0);
    fake_store_init(&world.store);
    directory_init(&directory, world.pool, &world.store.host, FANOUT, NULL, 0, 0);
    for (uint64_t i = 0; i < EXTENTS; i++) {
        struct extent extent = {.page = 2 * i, .block = 1000 + 3 * i, .length = 1};
        assert_int_equal(directory_put(&directory, &extent), 0);
    }
    assert_int_equal(directory_write(&directory, &world.store.writer, &world.ref), 0);
    assert_true(world.ref.depth >= 3);
    directory_deinit(&directory);
    *state = &world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;
    assert_int_equal(nodes_watch_out, 0);
    fake_store_deinit(&world->store);
    nodes_free(world->pool);
    return 0;
}

static struct directory opened(struct world *world)
{
    struct directory directory;
    directory_init(&directory, world->pool, &world->store.host, FANOUT, &world->ref, EXTENTS,
                   EXTENTS);
    return directory;
}

static union node_bytes *bytes_of(struct world *world, const struct format_ref *ref)
{
    return (union node_bytes *)fake_store_block(&world->store, ref->block);
}

/* The reference to the node of a level on the way to page 0. */
static struct format_ref *ref_at(struct world *world, unsigned level)
{
    struct format_ref *ref = &world->ref;
    while (ref->depth - 1 > level)
        ref = &bytes_of(world, ref)->inner.children[0].ref;
    return ref;
}

/* Makes the checksums on the way from the root to a level right again. */
static void seal(struct world *world, unsigned level)
{
    for (; level < world->ref.depth; level++) {
        struct format_ref *ref = ref_at(world, level);
        ref->checksum = format_checksum(bytes_of(world, ref), PMA_PAGE_SIZE);
    }
}

static int find_first(struct world *world)
{
    struct directory directory = opened(world);
    struct extent extent;
    int error = directory_find(&directory, 0, &extent);
    directory_deinit(&directory);
    return error;
}

static void every_flipped_byte_of_a_node_is_noticed(void **state)
{
    struct world *world = *state;
    for (unsigned level = 0; level < world->ref.depth; level++) {
        unsigned char *bytes = (unsigned char *)bytes_of(world, ref_at(world, level));
        for (unsigned i = 0; i < PMA_PAGE_SIZE; i++) {
            bytes[i] ^= (unsigned char)(1u << (i % 8));
            assert_int_equal(find_first(world), PMA_ECORRUPT);
            bytes[i] ^= (unsigned char)(1u << (i % 8));
        }
    }
    assert_int_equal(find_first(world), 0);
}

static void a_change_that_meets_damage_changes_nothing(void **state)
{
    struct world *world = *state;
    struct directory directory = opened(world);
    struct extent extent = {.page = 0, .block = 5000, .length = LAST_PAGE + 1};
    struct extent found;
    unsigned char *bytes = (unsigned char *)bytes_of(world, ref_at(world, 0));

    assert_int_equal(directory_find(&directory, LAST_PAGE, &found), 0);
    bytes[100] ^= 1;
    assert_int_equal(directory_put(&directory, &extent), PMA_ECORRUPT);
    assert_int_equal(directory_remove(&directory, 0, LAST_PAGE), PMA_ECORRUPT);
    assert_int_equal(directory_flag(&directory, 1, LAST_PAGE, 0, EXTENT_WRITABLE), PMA_ECORRUPT);
    assert_int_equal(directory_dirty_nodes(&directory), 0);
    assert_int_equal(directory.extents, EXTENTS);
    assert_int_equal(directory_verify(&directory), 0);

    bytes[100] ^= 1;
    assert_int_equal(directory_find(&directory, 0, &found), 0);
    assert_int_equal(found.block, 1000);
    assert_int_equal(directory_put(&directory, &extent), 0);
    assert_int_equal(directory.extents, 1);
    directory_deinit(&directory);
}

static void a_node_that_cannot_be_read_gives_the_code_of_the_host(void **state)
{
    struct world *world = *state;
    world->store.fail_read = 2;
    assert_int_equal(find_first(world), -EIO);
}

static void an_older_whole_node_in_its_place_is_noticed(void **state)
{
    struct world *world = *state;
    struct directory directory = opened(world);
    struct extent extent = {.page = 0, .block = 5000, .length = 1};
    union node_bytes old = *bytes_of(world, ref_at(world, 0));
    assert_int_equal(directory_put(&directory, &extent), 0);
    world->store.writer.epoch++;
    assert_int_equal(directory_write(&directory, &world->store.writer, &world->ref), 0);
    directory_deinit(&directory);
    *bytes_of(world, ref_at(world, 0)) = old;
    assert_int_equal(find_first(world), PMA_ECORRUPT);
}

/* Sets a field of the node of a level, seals, and expects the node to be refused all the same. */
static void refuse(struct world *world, unsigned level, void *field, uint64_t value, size_t size)
{
    unsigned char before[8];
    memcpy(before, field, size);
    memcpy(field, &value, size);
    seal(world, level);
    assert_int_equal(find_first(world), PMA_ECORRUPT);
    memcpy(field, before, size);
    seal(world, level);
    assert_int_equal(find_first(world), 0);
}

#define REFUSE(level, field, value) refuse(world, (level), &(field), (value), sizeof(field))

static void a_header_that_the_reference_does_not_expect_is_refused(void **state)
{
    struct world *world = *state;
    for (unsigned level = 0; level < world->ref.depth; level++) {
        struct format_node_header *header = &bytes_of(world, ref_at(world, level))->header;
        REFUSE(level, header->kind, FORMAT_KIND_SUMS);
        REFUSE(level, header->level, level + 1);
        REFUSE(level, header->block, header->block + 1);
        REFUSE(level, header->epoch, header->epoch + 1);
        REFUSE(level, header->index, 1);
        REFUSE(level, header->count, 0);
        REFUSE(level, header->count, header->count - 1); /* what follows is not zero then */
        REFUSE(level, header->count, header->count + 1); /* an entry of zeros */
        REFUSE(level, header->count, FANOUT + 1);
        REFUSE(level, header->count, UINT16_MAX);
    }
}

static void an_extent_that_cannot_be_is_refused(void **state)
{
    struct world *world = *state;
    struct format_leaf *leaf = &bytes_of(world, ref_at(world, 0))->leaf;
    struct format_extent *last = &leaf->extents[leaf->header.count - 1];
    REFUSE(0, leaf->extents[0].page, 1);   /* not what the parent says */
    REFUSE(0, leaf->extents[1].page, 0);   /* not ascending */
    REFUSE(0, leaf->extents[0].length, 3); /* overlaps the next */
    REFUSE(0, leaf->extents[0].length, 0);
    REFUSE(0, leaf->extents[0].block, 1); /* a meta page */
    REFUSE(0, leaf->extents[0].block, UINT64_MAX);
    REFUSE(0, leaf->extents[0].reserved, 1);
    REFUSE(0, last->length, 1000); /* reaches into the next leaf */
    REFUSE(0, last->page, UINT64_MAX);
    REFUSE(0, leaf->extents[FANOUT].page, 1); /* behind the last entry */
    REFUSE(0, leaf->reserved[7], 1);
}

static void a_child_that_cannot_be_is_refused(void **state)
{
    struct world *world = *state;
    struct format_inner *inner = &bytes_of(world, ref_at(world, 1))->inner;
    struct format_child *child = &inner->children[1];
    REFUSE(1, inner->children[0].page, 1);
    REFUSE(1, child->page, 0);
    REFUSE(1, child->page, UINT64_MAX);
    REFUSE(1, child->ref.block, 0);
    REFUSE(1, child->ref.block, 1);
    REFUSE(1, child->ref.depth, 2);
    REFUSE(1, child->ref.epoch, child->ref.epoch + 1);
    REFUSE(1, child->ref.reserved, 1);
    REFUSE(1, inner->reserved[0], 1);
}

static void a_root_of_impossible_depth_is_refused(void **state)
{
    struct world *world = *state;
    uint32_t depth = world->ref.depth;
    static const uint32_t depths[] = {0, 1, 65, UINT32_MAX};
    for (unsigned i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
        world->ref.depth = depths[i];
        assert_int_equal(find_first(world), PMA_ECORRUPT);
    }
    world->ref.depth = depth;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, write_tree, end)
    const struct CMUnitTest tests[] = {
        TEST(every_flipped_byte_of_a_node_is_noticed),
        TEST(a_change_that_meets_damage_changes_nothing),
        TEST(a_node_that_cannot_be_read_gives_the_code_of_the_host),
        TEST(an_older_whole_node_in_its_place_is_noticed),
        TEST(a_header_that_the_reference_does_not_expect_is_refused),
        TEST(an_extent_that_cannot_be_is_refused),
        TEST(a_child_that_cannot_be_is_refused),
        TEST(a_root_of_impossible_depth_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
