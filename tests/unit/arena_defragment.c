/* SPDX-License-Identifier: MIT */
/* Extents that were torn apart become one again, a bounded piece at each snapshot. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena_place.h"

enum { PAGES = 400, STEP = 147 /* prime to PAGES */ };

static struct pma_stat stat_of(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat;
}

static unsigned char *at(unsigned char *page, uint64_t i)
{
    return page + i * PMA_PAGE_SIZE;
}

/* Stores to one page after the other in an order that puts no two neighbours on neighbouring
 * blocks. */
static void scatter(unsigned char *page, uint64_t pages, uint64_t tag)
{
    for (uint64_t i = 0; i < pages; i++)
        arena_fill(at(page, i * STEP % pages), tag + i * STEP % pages);
}

static void expect(unsigned char *page, uint64_t pages, uint64_t tag)
{
    for (uint64_t i = 0; i < pages; i++)
        assert_int_equal(arena_tag(at(page, i)), tag + i);
}

static pma_t *open_defragmenting(const struct arena_place *place, uint32_t blocks)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_error error;
    pma_t *arena = NULL;

    options.defragment_blocks = blocks;
    if (pma_open(place->path, &options, &arena, &error))
        fail_msg("%s", error.text);
    return arena;
}

/* PAGES pages, each an extent of its own, from page 0 on. */
static pma_t *scattered(const struct arena_place *place, uint32_t blocks)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena;

    options.initial_blocks = 3 * PAGES;
    arena = arena_create(place, &options);
    scatter(arena_alloc(arena, PAGES, 0), PAGES, 1000);
    arena_snapshot(arena, 1);
    assert_int_equal(stat_of(arena).extents, PAGES);
    arena_close(arena);
    return open_defragmenting(place, blocks);
}

static void empty_snapshots_join_everything_a_bounded_piece_each(void **state)
{
    enum { BOUND = 50 };
    pma_t *arena = scattered(*state, BOUND);
    struct pma_stat before = stat_of(arena), now;
    uint64_t event = 2;

    for (;; before = now) {
        arena_snapshot(arena, event++);
        now = stat_of(arena);
        assert_in_range(now.defragmented_blocks - before.defragmented_blocks, 0, BOUND);
        assert_true(now.extents <= before.extents);
        if (now.extents == before.extents)
            break;
    }
    assert_in_range(now.extents, 1, PAGES / 100);
    assert_in_range(now.defragmented_blocks, PAGES - 1, PAGES + BOUND);
    assert_in_range(event, PAGES / BOUND, PAGES / BOUND + 6);
    expect(pma_base(arena), PAGES, 1000);
    arena_check(*state);
    arena = arena_reopen(*state, arena);
    expect(pma_base(arena), PAGES, 1000);
    arena_close(arena);
}

static void without_the_option_nothing_moves(void **state)
{
    pma_t *arena = scattered(*state, 0);

    arena_snapshot(arena, 2);
    assert_int_equal(stat_of(arena).extents, PAGES);
    assert_int_equal(stat_of(arena).defragmented_blocks, 0);
    arena_close(arena);
}

static void what_is_joined_already_is_left_alone(void **state)
{
    pma_t *arena = scattered(*state, PAGES);
    uint64_t moved;

    for (uint64_t event = 2; event < 20; event++)
        arena_snapshot(arena, event);
    moved = stat_of(arena).defragmented_blocks;
    for (uint64_t event = 20; event < 30; event++)
        arena_snapshot(arena, event);
    assert_int_equal(stat_of(arena).defragmented_blocks, moved);
    arena_close(arena);
}

/* Pages that change in every snapshot would move in every snapshot. */
static void what_was_just_written_does_not_move(void **state)
{
    pma_t *arena = scattered(*state, PAGES);
    unsigned char *page = pma_base(arena);

    for (uint64_t event = 2; event < 12; event++) {
        scatter(page, PAGES, event * 10000);
        arena_snapshot(arena, event);
    }
    assert_int_equal(stat_of(arena).defragmented_blocks, 0);
    expect(page, PAGES, 110000);
    arena_close(arena);
}

static void stores_between_the_snapshots_are_not_lost(void **state)
{
    pma_t *arena = scattered(*state, 64);
    unsigned char *page = pma_base(arena);

    for (uint64_t event = 2; event < 40; event++) {
        arena_fill(at(page, event * 7 % PAGES), 1000 + event * 7 % PAGES);
        arena_snapshot(arena, event);
        expect(page, PAGES, 1000);
    }
    assert_in_range(stat_of(arena).extents, 1, 12);
    arena = arena_reopen(*state, arena);
    expect(pma_base(arena), PAGES, 1000);
    arena_close(arena);
    arena_check(*state);
}

static void holes_and_gaps_keep_extents_apart(void **state)
{
    pma_t *arena = scattered(*state, PAGES);
    unsigned char *page = pma_base(arena);

    arena_ok(arena, pma_pages_free(arena, at(page, 100), 10));
    arena_ok(arena, pma_pages_free(arena, at(page, 200), 10));
    arena_ok(arena, pma_pages_alloc_at(arena, at(page, 200), 10, 0));
    for (uint64_t event = 2; event < 20; event++)
        arena_snapshot(arena, event);
    assert_int_equal(stat_of(arena).extents, 4);
    assert_int_equal(arena_tag(at(page, 205)), 0);
    arena_close(arena);
    arena_check(*state);
}

static void a_full_file_is_not_made_longer_for_it(void **state)
{
    struct pma_options options = arena_small();
    pma_t *arena;
    uint64_t length;

    options.defragment_blocks = 16;
    arena = arena_create(*state, &options);
    scatter(arena_alloc(arena, 100, 0), 100, 1000);
    arena_snapshot(arena, 1);
    arena_snapshot(arena, 2);
    length = stat_of(arena).file_blocks;
    for (uint64_t event = 3; event < 40; event++)
        arena_snapshot(arena, event);
    /* The nodes that change need blocks for a while. */
    assert_in_range(stat_of(arena).file_blocks, length, length + length / 4);
    expect(pma_base(arena), 100, 1000);
    arena_close(arena);
    arena_check(*state);
}

static void spoil_block(const struct arena_place *place, uint64_t block)
{
    int fd = open(place->path, O_RDWR);

    assert_int_equal(pwrite(fd, "rot", 3, (off_t)(block * PMA_PAGE_SIZE + 100)), 3);
    close(fd);
}

static uint64_t block_of(pma_t *arena, uint64_t page)
{
    struct pma_run run;

    arena_ok(arena, pma_next_run(arena, at(pma_base(arena), page), &run));
    return run.block;
}

static void a_damaged_block_stays_where_it_is_and_does_not_become_right(void **state)
{
    pma_t *arena = scattered(*state, 64);
    const uint64_t block = block_of(arena, 30);
    struct pma_options options = PMA_OPTIONS_INIT;

    spoil_block(*state, block);
    for (uint64_t event = 2; event < 30; event++)
        arena_snapshot(arena, event);
    assert_int_equal(block_of(arena, 30), block);
    assert_in_range(stat_of(arena).extents, 2, 80);
    arena_close(arena);
    options.verify = true;
    assert_int_equal(pma_open(((struct arena_place *)*state)->path, &options, &arena, NULL), 0);
    assert_int_equal(pma_touch(arena, at(pma_base(arena), 30), 1), PMA_ECORRUPT);
    arena_close(arena);
}

static void touched_pages_stay_mapped(void **state)
{
    pma_t *arena = scattered(*state, PAGES);
    int channel[2];
    char bytes[64];

    arena_ok(arena, pma_touch(arena, pma_base(arena), PAGES * PMA_PAGE_SIZE));
    arena_snapshot(arena, 2);
    assert_true(stat_of(arena).defragmented_blocks > 0);
    assert_int_equal(pipe(channel), 0);
    for (uint64_t i = 0; i < PAGES; i++) {
        /* The kernel reads, so no handler helps. */
        assert_int_equal(write(channel[1], at(pma_base(arena), i), sizeof(bytes)), sizeof(bytes));
        assert_int_equal(read(channel[0], bytes, sizeof(bytes)), sizeof(bytes));
    }
    close(channel[0]);
    close(channel[1]);
    arena_close(arena);
}

#define place_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(empty_snapshots_join_everything_a_bounded_piece_each),
        place_test(without_the_option_nothing_moves),
        place_test(what_is_joined_already_is_left_alone),
        place_test(what_was_just_written_does_not_move),
        place_test(stores_between_the_snapshots_are_not_lost),
        place_test(holes_and_gaps_keep_extents_apart),
        place_test(a_full_file_is_not_made_longer_for_it),
        place_test(a_damaged_block_stays_where_it_is_and_does_not_become_right),
        place_test(touched_pages_stay_mapped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
