/* SPDX-License-Identifier: MIT */
/* Random changes of a directory, each compared with an array of pages that says what must be. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "directory_model.h"
#include "fake_store.h"
#include "nodes_watch.h"
#include "random.h"

struct trial {
    struct random random;
    uint32_t fanout;
    uint64_t pages;  /* of the model */
    unsigned steps;  /* changes to make */
    unsigned checks; /* compare everything after every so many changes */
    unsigned levels; /* of inner nodes, at least, when it starts */

    struct nodes *pool;
    struct fake_store store;
    struct directory directory;
    struct directory_model model;
};

static uint64_t some_length(struct trial *trial, uint64_t page)
{
    static const uint64_t longest[] = {1, 1, 2, 2, 3, 5, 9, 40};
    uint64_t most = longest[random_below(&trial->random, sizeof(longest) / sizeof(longest[0]))];
    if (random_below(&trial->random, trial->steps / 40) == 0)
        most = trial->pages;
    uint64_t length = 1 + random_below(&trial->random, most);
    return length < trial->pages - page ? length : trial->pages - page;
}

/* Blocks follow the page in a few lanes, so that neighbours continue each other now and then. */
static struct extent some_extent(struct trial *trial)
{
    struct extent extent = {.page = random_below(&trial->random, trial->pages)};
    extent.length = (uint32_t)some_length(trial, extent.page);
    switch (random_below(&trial->random, 6)) {
    case 0:
        break;
    case 1:
        extent.flags = EXTENT_PRIVATE;
        break;
    case 2:
        extent.flags = EXTENT_WRITABLE;
        /* fall through */
    default:
        extent.block = extent.page + trial->pages * (1 + random_below(&trial->random, 3)) + 2;
    }
    if (random_below(&trial->random, 2) == 0)
        extent.flags |= EXTENT_MAPPED;
    return extent;
}

/* One change, of directory and model. What the directory answers. */
static int change(struct trial *trial)
{
    static const uint8_t flags[] = {EXTENT_WRITABLE, EXTENT_MAPPED,
                                    EXTENT_WRITABLE | EXTENT_MAPPED};
    struct extent extent = some_extent(trial);
    uint64_t page = extent.page, length = extent.length;
    uint8_t clear = 0, set = 0;
    int error;
    switch (random_below(&trial->random, 8)) {
    case 0:
        clear = flags[random_below(&trial->random, 3)];
        set = flags[random_below(&trial->random, 3)] & (uint8_t)~clear;
        error = directory_flag(&trial->directory, page, length, clear, set);
        if (error == 0)
            directory_model_flag(&trial->model, page, length, clear, set);
        return error;
    case 1:
    case 2:
        error = directory_remove(&trial->directory, page, length);
        if (error == 0)
            directory_model_remove(&trial->model, page, length);
        return error;
    default:
        error = directory_put(&trial->directory, &extent);
        if (error == 0)
            directory_model_put(&trial->model, &extent);
        return error;
    }
}

/* As the arena does it before it writes: what is private gets blocks, nothing stays writable. */
static void settle_flags(struct trial *trial)
{
    for (uint64_t page = 0; page < trial->pages; page++) {
        struct extent extent;
        if (!directory_model_extent(&trial->model, page, &extent) ||
            !(extent.flags & EXTENT_PRIVATE))
            continue;
        extent.block = page + 5 * trial->pages;
        extent.flags = 0;
        assert_int_equal(directory_put(&trial->directory, &extent), 0);
        directory_model_put(&trial->model, &extent);
    }
    assert_int_equal(
        directory_flag(&trial->directory, 0, UINT64_MAX, EXTENT_WRITABLE | EXTENT_PRIVATE, 0), 0);
    directory_model_flag(&trial->model, 0, trial->pages, EXTENT_WRITABLE | EXTENT_PRIVATE, 0);
}

static int count_block(void *context, uint64_t block)
{
    uint64_t *count = context;
    ++*count;
    return 0;
}

static void check_blocks(struct trial *trial)
{
    uint64_t nodes = 0;
    assert_false(trial->store.misused);
    assert_int_equal(directory_each_node(&trial->directory, count_block, &nodes), 0);
    assert_int_equal(nodes, trial->store.live);
}

static void write_and_perhaps_reopen(struct trial *trial)
{
    struct format_ref ref;
    settle_flags(trial);
    if (random_below(&trial->random, 3) == 0) {
        trial->store.fail_write = 1 + (unsigned)random_below(&trial->random, 5);
        int error = directory_write(&trial->directory, &trial->store.writer, &ref);
        assert_true(error == 0 || error == -EIO);
        trial->store.fail_write = 0;
        directory_model_check(&trial->model, &trial->directory);
        check_blocks(trial);
    }
    if (random_below(&trial->random, 4) == 0)
        assert_int_equal(directory_redo(&trial->directory, trial->store.writer.epoch), 0);
    uint64_t dirty = directory_dirty_nodes(&trial->directory), before = trial->store.writes;
    assert_int_equal(directory_write(&trial->directory, &trial->store.writer, &ref), 0);
    assert_int_equal(trial->store.writes - before, dirty);
    assert_int_equal(directory_dirty_nodes(&trial->directory), 0);
    trial->store.writer.epoch++;
    check_blocks(trial);

    if (random_below(&trial->random, 2) == 0) {
        uint64_t extents = trial->directory.extents, pages = trial->directory.pages;
        directory_deinit(&trial->directory);
        assert_int_equal(nodes_watch_out, 0);
        directory_init(&trial->directory, trial->pool, &trial->store.host, trial->fanout, &ref,
                       extents, pages);
        directory_model_flag(&trial->model, 0, trial->pages, EXTENT_MAPPED, 0);
    }
}

/* A change that is refused memory, or a node that cannot be read, must leave all as it was. */
static void change_with_a_failure(struct trial *trial)
{
    bool memory = random_below(&trial->random, 2) == 0;
    unsigned nth = 1 + (unsigned)random_below(&trial->random, 4);
    nodes_watch_fail = memory ? nth : 0;
    trial->store.fail_read = memory ? 0 : nth;
    int error = change(trial);
    assert_true(error == 0 || error == (memory ? -ENOMEM : -EIO));
    nodes_watch_fail = 0;
    trial->store.fail_read = 0;
}

/* Every other page an extent of its own, in an order that splits nodes everywhere. */
static void grow_deep(struct trial *trial)
{
    for (uint64_t i = 0; i < trial->pages / 2; i++) {
        struct extent extent = {.page = 2 * (i * 7919 % (trial->pages / 2)), .length = 1};
        assert_int_equal(directory_put(&trial->directory, &extent), 0);
        directory_model_put(&trial->model, &extent);
    }
    directory_model_check(&trial->model, &trial->directory);
    assert_true(trial->directory.root->bytes->header.level >= trial->levels);
}

static void run(struct trial *trial)
{
    assert_int_equal(nodes_new(&trial->pool), 0);
    fake_store_init(&trial->store);
    directory_model_init(&trial->model, trial->pages);
    directory_init(&trial->directory, trial->pool, &trial->store.host, trial->fanout, NULL, 0, 0);

    grow_deep(trial);
    for (unsigned step = 0; step < trial->steps; step++) {
        if (random_below(&trial->random, 4) == 0)
            change_with_a_failure(trial);
        else
            assert_int_equal(change(trial), 0);
        assert_false(nodes_watch_overdrawn);
        assert_false(trial->store.misused);
        if (step % trial->checks == 0) {
            if (random_below(&trial->random, 2) == 0)
                assert_int_equal(directory_verify(&trial->directory), 0);
            else
                directory_model_check(&trial->model, &trial->directory);
        }
        directory_model_check_page(&trial->model, &trial->directory,
                                   random_below(&trial->random, trial->pages));
        if (step % 4 == 0)
            directory_model_check_gap(&trial->model, &trial->directory,
                                      random_below(&trial->random, 2) *
                                          random_below(&trial->random, trial->pages),
                                      1 + random_below(&trial->random, 6));
        if (random_below(&trial->random, 60) == 0)
            write_and_perhaps_reopen(trial);
    }
    directory_model_check(&trial->model, &trial->directory);

    struct format_ref ref;
    assert_int_equal(directory_remove(&trial->directory, 0, UINT64_MAX), 0);
    assert_int_equal(directory_verify(&trial->directory), 0);
    assert_int_equal(directory_write(&trial->directory, &trial->store.writer, &ref), 0);
    assert_int_equal(ref.block, 0);
    assert_int_equal(trial->store.live, 0);
    directory_deinit(&trial->directory);
    assert_int_equal(nodes_watch_out, 0);

    directory_model_deinit(&trial->model);
    fake_store_deinit(&trial->store);
    nodes_free(trial->pool);
}

static void with_fanout(uint32_t fanout, uint64_t pages, unsigned steps, unsigned checks,
                        unsigned levels)
{
    struct trial trial = {
        .random = random_start("pma_directory_model", 20240 + fanout),
        .fanout = fanout,
        .pages = pages,
        .steps = steps,
        .checks = checks,
        .levels = levels,
    };
    run(&trial);
}

static void four_entries_a_node(void **state)
{
    with_fanout(4, 700, 8000, 1, 5);
}

static void five_entries_a_node(void **state)
{
    with_fanout(5, 700, 8000, 1, 4);
}

static void eight_entries_a_node(void **state)
{
    with_fanout(8, 1500, 8000, 1, 3);
}

static void as_many_entries_as_fit(void **state)
{
    with_fanout(0, 60000, 30000, 500, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_entries_a_node),
        cmocka_unit_test(five_entries_a_node),
        cmocka_unit_test(eight_entries_a_node),
        cmocka_unit_test(as_many_entries_as_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
