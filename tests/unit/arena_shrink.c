/* SPDX-License-Identifier: MIT */
/* A file gives back what it does not need: on request, with everything in it as it was. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena_place.h"

static uint64_t length_of(const struct arena_place *place)
{
    struct stat status;

    assert_int_equal(stat(place->path, &status), 0);
    assert_int_equal(status.st_size % PMA_PAGE_SIZE, 0);
    return (uint64_t)status.st_size / PMA_PAGE_SIZE;
}

static struct pma_stat stat_of(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat;
}

static uint64_t shrink(pma_t *arena, uint64_t blocks)
{
    uint64_t now = 0;

    arena_ok(arena, pma_shrink(arena, blocks, &now));
    assert_int_equal(now, stat_of(arena).file_blocks);
    return now;
}

static void fill(unsigned char *page, uint64_t first, uint64_t end, uint64_t tag)
{
    for (uint64_t i = first; i < end; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, tag + i);
}

static void expect(const unsigned char *page, uint64_t first, uint64_t end, uint64_t tag)
{
    for (uint64_t i = first; i < end; i++)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE), tag + i);
}

/* 200 pages of data, of which only the last 20, at the end of the file, are kept. */
static pma_t *mostly_freed(const struct arena_place *place, unsigned char **page)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);

    *page = arena_alloc(arena, 200, 0);
    fill(*page, 0, 200, 1000);
    arena_snapshot(arena, 1);
    arena_ok(arena, pma_pages_free(arena, *page, 180));
    return arena;
}

static void data_at_the_end_moves_down_and_the_file_gets_shorter(void **state)
{
    unsigned char *page;
    pma_t *arena = mostly_freed(*state, &page);

    assert_true(length_of(*state) > 200);
    assert_in_range(shrink(arena, 0), 22, 70);
    assert_int_equal(length_of(*state), stat_of(arena).file_blocks);
    expect(page, 180, 200, 1000);
    arena_check(*state);
    arena = arena_reopen(*state, arena);
    expect(page, 180, 200, 1000);
    assert_int_equal(stat_of(arena).event, 1);
    arena_close(arena);
}

static void the_file_is_not_cut_below_what_was_asked_for(void **state)
{
    unsigned char *page;
    pma_t *arena = mostly_freed(*state, &page);

    assert_int_equal(shrink(arena, 100), 100);
    assert_int_equal(length_of(*state), 100);
    expect(page, 180, 200, 1000);
    arena_close(arena);
    arena_check(*state);
}

static void a_file_that_is_short_enough_stays_as_it_is(void **state)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);

    assert_int_equal(shrink(arena, 32), 32);
    assert_int_equal(shrink(arena, 1000), 32);
    assert_int_equal(stat_of(arena).snapshot, 1);
    assert_int_equal(pma_shrink(arena, 32, NULL), 0);
    arena_close(arena);
}

static void work_since_the_last_snapshot_is_included(void **state)
{
    unsigned char *page;
    pma_t *arena = mostly_freed(*state, &page);

    fill(page, 190, 200, 2000);
    arena_ok(arena, pma_set_root(arena, 3, 33));
    shrink(arena, 0);
    arena = arena_reopen(*state, arena);
    expect(page, 180, 190, 1000);
    expect(page, 190, 200, 2000);
    uint64_t root;
    arena_ok(arena, pma_root(arena, 3, &root));
    assert_int_equal(root, 33);
    arena_close(arena);
}

static void evicted_ephemeral_pages_move_too(void **state)
{
    unsigned char *page;
    pma_t *arena = mostly_freed(*state, &page);
    unsigned char *stack = arena_alloc(arena, 5, PMA_EPHEMERAL);

    fill(stack, 0, 5, 3000);
    arena_ok(arena, pma_evict(arena, stack, 5 * PMA_PAGE_SIZE));
    assert_in_range(shrink(arena, 0), 27, 75);
    expect(stack, 0, 5, 3000);
    fill(stack, 0, 5, 4000);
    expect(stack, 0, 5, 4000);
    arena_close(arena);
    arena_check(*state);
}

static void a_shrunken_arena_grows_again(void **state)
{
    unsigned char *page;
    pma_t *arena = mostly_freed(*state, &page);

    shrink(arena, 0);
    arena_ok(arena, pma_pages_alloc_at(arena, page, 180, 0));
    fill(page, 0, 180, 5000);
    arena_snapshot(arena, 2);
    assert_true(length_of(*state) > 200);
    arena = arena_reopen(*state, arena);
    expect(page, 0, 180, 5000);
    expect(page, 180, 200, 1000);
    arena_close(arena);
    arena_check(*state);
}

static void shrinking_twice_finds_nothing_more(void **state)
{
    unsigned char *page;
    pma_t *arena = mostly_freed(*state, &page);
    const uint64_t once = shrink(arena, 0);

    assert_in_range(shrink(arena, 0), once - 8, once);
    arena_close(arena);
    arena_check(*state);
}

/* More levels of the checksum tree than the shorter file needs. */
static void the_checksum_tree_gets_shallower_with_the_file(void **state)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena = arena_create(*state, &options);
    unsigned char *page = arena_alloc(arena, 1500, 0);

    fill(page, 0, 1500, 7000);
    arena_snapshot(arena, 1);
    arena_ok(arena, pma_pages_free(arena, page + 10 * PMA_PAGE_SIZE, 1400));
    assert_in_range(shrink(arena, 0), 112, 160);
    arena_check(*state);
    arena = arena_reopen(*state, arena);
    expect(page, 0, 10, 7000);
    expect(page, 1410, 1500, 7000);
    arena_close(arena);
}

static void many_scattered_pages_move_as_well(void **state)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    options.fanout = 8;
    pma_t *arena = arena_create(*state, &options);
    unsigned char *page = arena_alloc(arena, 2000, 0);

    for (uint64_t i = 0; i < 2000; i++)
        arena_fill(page + i * 787 % 2000 * PMA_PAGE_SIZE, 1 + i * 787 % 2000);
    arena_snapshot(arena, 1);
    for (uint64_t i = 0; i < 2000; i += 2)
        arena_ok(arena, pma_pages_free(arena, page + i * PMA_PAGE_SIZE, 1));
    assert_in_range(shrink(arena, 0), 1000, 1600);
    arena_check(*state);
    arena = arena_reopen(*state, arena);
    for (uint64_t i = 1; i < 2000; i += 2)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE), 1 + i);
    arena_close(arena);
}

enum { KEPT = 64 };

static pma_t *open_keeping(const struct arena_place *place, uint32_t blocks)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_error error;
    pma_t *arena = NULL;

    options.keep_blocks = blocks;
    if (pma_open(place->path, &options, &arena, &error))
        fail_msg("%s", error.text);
    return arena;
}

/* 200 pages of data, of which only the first 20, at the start of the file, are kept. */
static pma_t *with_free_tail(const struct arena_place *place, uint32_t keep)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);
    unsigned char *page = arena_alloc(arena, 200, 0);

    fill(page, 0, 200, 1000);
    arena_snapshot(arena, 1);
    arena_close(arena);
    arena = open_keeping(place, keep);
    arena_ok(arena, pma_pages_free(arena, page + 20 * PMA_PAGE_SIZE, 180));
    return arena;
}

static void a_tail_that_nobody_needs_for_long_goes_by_itself(void **state)
{
    pma_t *arena = with_free_tail(*state, KEPT);
    const uint64_t before = length_of(*state);

    for (uint64_t event = 2; event < 8; event++)
        arena_snapshot(arena, event);
    assert_int_equal(length_of(*state), before);
    for (uint64_t event = 8; event < 15; event++)
        arena_snapshot(arena, event);
    assert_int_equal(length_of(*state), before / 2);
    for (uint64_t event = 15; event < 50; event++)
        arena_snapshot(arena, event);
    assert_int_equal(length_of(*state), KEPT);
    assert_int_equal(length_of(*state), stat_of(arena).file_blocks);
    expect(pma_base(arena), 0, 20, 1000);
    arena_check(*state);
    arena = arena_reopen(*state, arena);
    expect(pma_base(arena), 0, 20, 1000);
    arena_close(arena);
}

static void the_file_keeps_its_length_if_the_option_says_so(void **state)
{
    pma_t *arena = with_free_tail(*state, UINT32_MAX);
    const uint64_t before = length_of(*state);

    for (uint64_t event = 2; event < 30; event++)
        arena_snapshot(arena, event);
    assert_int_equal(length_of(*state), before);
    arena_close(arena);
}

/* Free for some snapshots, then full again, over and over. */
static void a_tail_that_is_needed_again_and_again_stays(void **state)
{
    pma_t *arena = with_free_tail(*state, KEPT);
    unsigned char *page = pma_base(arena);
    const uint64_t before = length_of(*state);
    uint64_t event = 2;

    for (int round = 0; round < 5; round++) {
        for (int calm = 0; calm < 5; calm++)
            arena_snapshot(arena, event++);
        arena_ok(arena, pma_pages_alloc_at(arena, page + 20 * PMA_PAGE_SIZE, 180, 0));
        fill(page, 20, 200, event * 1000);
        arena_snapshot(arena, event++);
        arena_ok(arena, pma_pages_free(arena, page + 20 * PMA_PAGE_SIZE, 180));
        assert_true(length_of(*state) >= before);
    }
    arena_close(arena);
    arena_check(*state);
}

static void work_that_needs_the_tail_while_it_is_given_up_keeps_it(void **state)
{
    pma_t *arena = with_free_tail(*state, KEPT);
    unsigned char *page = pma_base(arena);
    const uint64_t before = length_of(*state);

    for (uint64_t event = 2; length_of(*state) == before && event < 12; event++) {
        arena_ok(arena, pma_pages_alloc_at(arena, page + 20 * PMA_PAGE_SIZE, 180, 0));
        fill(page, 20, 200, event * 1000);
        expect(page, 20, 200, event * 1000);
        arena_ok(arena, pma_pages_free(arena, page + 20 * PMA_PAGE_SIZE, 180));
        arena_snapshot(arena, event);
    }
    arena_ok(arena, pma_pages_alloc_at(arena, page + 20 * PMA_PAGE_SIZE, 180, 0));
    fill(page, 20, 200, 9000);
    arena_snapshot(arena, 50);
    arena = arena_reopen(*state, arena);
    expect(page, 0, 20, 1000);
    expect(page, 20, 200, 9000);
    arena_close(arena);
    arena_check(*state);
}

static void what_a_view_reads_stays_until_it_is_closed(void **state)
{
    const struct arena_place *place = *state;
    unsigned char *page;
    pma_t *arena = mostly_freed(place, &page), *view = NULL;
    const unsigned char *seen;
    uint64_t with_view;

    assert_int_equal(pma_view_open(place->path, NULL, &view, NULL), 0);
    with_view = shrink(arena, 0);
    assert_true(with_view > 180);
    seen = pma_view_ptr(view, page);
    for (uint64_t i = 0; i < 200; i++)
        assert_int_equal(arena_tag(seen + i * PMA_PAGE_SIZE), 1000 + i);
    arena_close(view);
    assert_in_range(shrink(arena, 0), 22, 70);
    expect(page, 180, 200, 1000);
    arena_close(arena);
    arena_check(place);
}

static uint64_t block_of(pma_t *arena, void *page)
{
    struct pma_run run;

    arena_ok(arena, pma_next_run(arena, page, &run));
    return run.block;
}

static void damage_is_an_error_that_names_the_block_and_ends_nothing_else(void **state)
{
    const struct arena_place *place = *state;
    unsigned char *page;
    pma_t *arena = mostly_freed(place, &page);
    const uint64_t block = block_of(arena, page + 190 * PMA_PAGE_SIZE);
    char expected[64];
    int fd = open(place->path, O_RDWR);

    assert_int_equal(pwrite(fd, "rot", 3, (off_t)(block * PMA_PAGE_SIZE)), 3);
    close(fd);
    assert_int_equal(pma_shrink(arena, 0, NULL), PMA_ECORRUPT);
    snprintf(expected, sizeof(expected), "block %lu of page 190 fails its checksum", block);
    assert_non_null(strstr(pma_last_error(arena), expected));
    expect(page, 180, 190, 1000);
    fill(page, 190, 191, 2000);
    assert_in_range(shrink(arena, 0), 22, 70);
    expect(page, 191, 200, 1000);
    arena_close(arena);
    arena_check(place);
}

static void a_reader_cannot_shrink(void **state)
{
    unsigned char *page;
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena = mostly_freed(*state, &page);

    arena_close(arena);
    options.read_only = true;
    assert_int_equal(pma_open(((struct arena_place *)*state)->path, &options, &arena, NULL), 0);
    assert_int_equal(pma_shrink(arena, 0, NULL), PMA_EREADONLY);
    arena_close(arena);
    assert_int_equal(pma_shrink(NULL, 0, NULL), PMA_EARGUMENT);
}

#define place_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(data_at_the_end_moves_down_and_the_file_gets_shorter),
        place_test(the_file_is_not_cut_below_what_was_asked_for),
        place_test(a_file_that_is_short_enough_stays_as_it_is),
        place_test(work_since_the_last_snapshot_is_included),
        place_test(evicted_ephemeral_pages_move_too),
        place_test(a_shrunken_arena_grows_again),
        place_test(shrinking_twice_finds_nothing_more),
        place_test(the_checksum_tree_gets_shallower_with_the_file),
        place_test(many_scattered_pages_move_as_well),
        place_test(a_tail_that_nobody_needs_for_long_goes_by_itself),
        place_test(the_file_keeps_its_length_if_the_option_says_so),
        place_test(a_tail_that_is_needed_again_and_again_stays),
        place_test(work_that_needs_the_tail_while_it_is_given_up_keeps_it),
        place_test(what_a_view_reads_stays_until_it_is_closed),
        place_test(damage_is_an_error_that_names_the_block_and_ends_nothing_else),
        place_test(a_reader_cannot_shrink),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
