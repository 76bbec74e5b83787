/* SPDX-License-Identifier: MIT */
/* Moves, evictions and ephemeral pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "arena_place.h"

enum { COUNT = 5 };

static void fill_all(unsigned char *page, uint64_t tag)
{
    for (uint64_t i = 0; i < COUNT; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, tag + i);
}

static void expect_all(const unsigned char *page, uint64_t tag)
{
    for (uint64_t i = 0; i < COUNT; i++)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE), tag + i);
}

static struct pma_run run_at(pma_t *arena, const void *address)
{
    struct pma_run run;

    arena_ok(arena, pma_next_run(arena, address, &run));
    return run;
}

static uint64_t copied(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat.copied_pages;
}

static pma_t *arena_with_pages(const struct arena_place *place, unsigned char **page)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);

    *page = arena_alloc(arena, COUNT, 0);
    fill_all(*page, 10);
    return arena;
}

static void move_to(pma_t *arena, unsigned char *to, unsigned char *from, unsigned flags)
{
    arena_ok(arena, pma_pages_move(arena, to, from, COUNT, flags));
}

static void a_run_moved_before_its_snapshot_is_found_at_its_new_address(void **state)
{
    unsigned char *page, *target;
    pma_t *arena = arena_with_pages(*state, &page);

    target = page + 100 * PMA_PAGE_SIZE;
    move_to(arena, target, page, 0);
    expect_all(target, 10);
    arena_snapshot(arena, 1);
    arena = arena_reopen(*state, arena);
    expect_all(target, 10);
    assert_ptr_equal(run_at(arena, NULL).address, target);
    arena_close(arena);
    arena_check(*state);
}

static void a_run_moved_after_its_snapshot_keeps_its_blocks(void **state)
{
    unsigned char *page, *target;
    pma_t *arena = arena_with_pages(*state, &page);
    uint64_t block, copies;

    arena_snapshot(arena, 1);
    block = run_at(arena, page).block;
    copies = copied(arena);
    target = page + 100 * PMA_PAGE_SIZE;
    move_to(arena, target, page, 0);
    expect_all(target, 10);
    arena_snapshot(arena, 2);
    assert_int_equal(run_at(arena, target).block, block);
    assert_int_equal(copied(arena), copies);
    arena = arena_reopen(*state, arena);
    expect_all(target, 10);
    assert_int_equal(run_at(arena, target).block, block);
    arena_close(arena);
    arena_check(*state);
}

static void a_moved_run_can_be_stored_to(void **state)
{
    unsigned char *page, *target;
    pma_t *arena = arena_with_pages(*state, &page);

    arena_snapshot(arena, 1);
    target = page + 100 * PMA_PAGE_SIZE;
    move_to(arena, target, page, 0);
    fill_all(target, 20);
    arena_snapshot(arena, 2);
    arena = arena_reopen(*state, arena);
    expect_all(target, 20);
    arena_close(arena);
    arena_check(*state);
}

static void a_move_that_is_not_snapshot_is_undone_by_reopening(void **state)
{
    unsigned char *page;
    pma_t *arena = arena_with_pages(*state, &page);

    arena_snapshot(arena, 1);
    move_to(arena, page + 100 * PMA_PAGE_SIZE, page, 0);
    arena = arena_reopen(*state, arena);
    expect_all(page, 10);
    arena_close(arena);
}

static void a_refused_move_changes_nothing(void **state)
{
    unsigned char *page;
    pma_t *arena = arena_with_pages(*state, &page);

    assert_int_equal(pma_pages_move(arena, page + PMA_PAGE_SIZE, page, COUNT, 0), PMA_EARGUMENT);
    assert_int_equal(pma_pages_move(arena, page + 50 * PMA_PAGE_SIZE, page, COUNT + 1, 0),
                     PMA_EADDRESS);
    arena_ok(arena, pma_pages_alloc_at(arena, page + 52 * PMA_PAGE_SIZE, 1, 0));
    assert_int_equal(pma_pages_move(arena, page + 50 * PMA_PAGE_SIZE, page, COUNT, 0),
                     PMA_EOCCUPIED);
    expect_all(page, 10);
    arena_close(arena);
}

static void evicted_pages_come_back(void **state)
{
    unsigned char *page;
    pma_t *arena = arena_with_pages(*state, &page);

    arena_ok(arena, pma_evict(arena, page, COUNT * PMA_PAGE_SIZE));
    expect_all(page, 10);
    arena_ok(arena, pma_evict(arena, page, COUNT * PMA_PAGE_SIZE));
    arena_snapshot(arena, 1);
    arena_ok(arena, pma_evict(arena, page, COUNT * PMA_PAGE_SIZE));
    fill_all(page, 20);
    arena_ok(arena, pma_evict(arena, page + PMA_PAGE_SIZE, 1));
    expect_all(page, 20);
    arena_snapshot(arena, 2);
    arena = arena_reopen(*state, arena);
    expect_all(page, 20);
    arena_close(arena);
    arena_check(*state);
}

static void an_evicted_page_that_is_in_no_snapshot_is_lost(void **state)
{
    unsigned char *page;
    pma_t *arena = arena_with_pages(*state, &page);

    arena_snapshot(arena, 1);
    fill_all(page, 20);
    arena_ok(arena, pma_evict(arena, page, COUNT * PMA_PAGE_SIZE));
    arena = arena_reopen(*state, arena);
    expect_all(page, 10);
    arena_close(arena);
}

static void ephemeral_pages_are_in_no_snapshot(void **state)
{
    unsigned char *page, *stack;
    pma_t *arena = arena_with_pages(*state, &page);
    struct pma_stat stat;

    stack = arena_alloc(arena, COUNT, PMA_EPHEMERAL);
    fill_all(stack, 30);
    arena_snapshot(arena, 1);
    expect_all(stack, 30);
    arena_ok(arena, pma_stat(arena, &stat));
    assert_int_equal(stat.ephemeral_pages, COUNT);
    assert_int_equal(stat.pages, COUNT);
    assert_int_equal(stat.copied_pages, COUNT);
    assert_true(run_at(arena, stack).ephemeral);
    arena = arena_reopen(*state, arena);
    arena_ok(arena, pma_stat(arena, &stat));
    assert_int_equal(stat.ephemeral_pages, 0);
    assert_int_equal(stat.pages, COUNT);
    arena_close(arena);
    arena_check(*state);
}

static void an_evicted_ephemeral_page_comes_back_and_stays_ephemeral(void **state)
{
    unsigned char *page, *stack;
    pma_t *arena = arena_with_pages(*state, &page);

    stack = arena_alloc(arena, COUNT, PMA_EPHEMERAL);
    fill_all(stack, 30);
    arena_ok(arena, pma_evict(arena, stack, COUNT * PMA_PAGE_SIZE));
    assert_int_not_equal(run_at(arena, stack).block, 0);
    expect_all(stack, 30);
    fill_all(stack, 40);
    assert_int_equal(run_at(arena, stack).block, 0);
    arena_snapshot(arena, 1);
    expect_all(stack, 40);
    arena_ok(arena, pma_pages_free(arena, stack, COUNT));
    arena_snapshot(arena, 2);
    arena_close(arena);
    arena_check(*state);
}

static void ephemeral_pages_become_persistent_by_a_move(void **state)
{
    unsigned char *page, *stack, *target;
    pma_t *arena = arena_with_pages(*state, &page);

    stack = arena_alloc(arena, COUNT, PMA_EPHEMERAL);
    fill_all(stack, 30);
    arena_ok(arena, pma_evict(arena, stack + PMA_PAGE_SIZE, PMA_PAGE_SIZE));
    target = page + 100 * PMA_PAGE_SIZE;
    move_to(arena, target, stack, PMA_MOVE_PERSISTENT);
    expect_all(target, 30);
    arena_snapshot(arena, 1);
    arena = arena_reopen(*state, arena);
    expect_all(target, 30);
    arena_close(arena);
    arena_check(*state);
}

static void persistent_pages_leave_the_snapshots_by_a_move(void **state)
{
    unsigned char *page, *stack;
    pma_t *arena = arena_with_pages(*state, &page);
    uint64_t block;

    arena_snapshot(arena, 1);
    block = run_at(arena, page).block;
    stack = page + 100 * PMA_PAGE_SIZE;
    move_to(arena, stack, page, PMA_MOVE_EPHEMERAL);
    expect_all(stack, 10);
    assert_int_equal(run_at(arena, stack).block, block);
    arena_snapshot(arena, 2);
    arena_snapshot(arena, 3);
    arena_snapshot(arena, 4);
    expect_all(stack, 10); /* its block is in no snapshot, but still in use */
    arena_fill(stack, 50);
    assert_int_equal(arena_tag(stack), 50);
    move_to(arena, page, stack, PMA_MOVE_PERSISTENT);
    arena_snapshot(arena, 5);
    arena = arena_reopen(*state, arena);
    assert_int_equal(arena_tag(page), 50);
    assert_int_equal(arena_tag(page + PMA_PAGE_SIZE), 11);
    arena_close(arena);
    arena_check(*state);
}

static void fresh_pages_that_become_ephemeral_are_stored_to_in_private_memory(void **state)
{
    arena_eager_only();
    unsigned char *page, *stack;
    pma_t *arena = arena_with_pages(*state, &page);

    stack = page + 100 * PMA_PAGE_SIZE;
    move_to(arena, stack, page, PMA_MOVE_EPHEMERAL);
    assert_int_not_equal(run_at(arena, stack).block, 0);
    fill_all(stack, 60);
    assert_int_equal(run_at(arena, stack).block, 0);
    expect_all(stack, 60);
    arena_close(arena);
}

static void pages_made_writable_in_one_go_get_blocks_in_a_row(void **state)
{
    arena_eager_only();
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    unsigned char *page = arena_alloc(arena, 64, 0);

    arena_ok(arena, pma_dirty(arena, page, 64 * PMA_PAGE_SIZE));
    assert_int_equal(run_at(arena, page).pages, 64);
    assert_int_equal(copied(arena), 64);
    arena_ok(arena, pma_dirty(arena, page + 10, 64 * PMA_PAGE_SIZE - 10));
    assert_int_equal(copied(arena), 64);
    arena_close(arena);
}

/* What was pushed out and looked at again is a mapping of blocks, which each way of copying takes
 * over as its own. */
static void evicted_pages_that_become_persistent_and_ephemeral_again_are_there(void **state)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    unsigned char *page = arena_alloc(arena, COUNT, PMA_EPHEMERAL);
    unsigned char *kept = page + 50 * PMA_PAGE_SIZE, *back = page + 100 * PMA_PAGE_SIZE;

    fill_all(page, 30);
    arena_ok(arena, pma_evict(arena, page, COUNT * PMA_PAGE_SIZE));
    expect_all(page, 30);
    move_to(arena, kept, page, PMA_MOVE_PERSISTENT);
    arena_fill(kept + 2 * PMA_PAGE_SIZE, 32);
    move_to(arena, back, kept, PMA_MOVE_EPHEMERAL);
    expect_all(back, 30);
    arena_close(arena);
}

/* To the kernel they are two mappings, of which it moves the first alone before it refuses. */
static void pages_of_which_the_kernel_watches_some_move_in_one_go(void **state)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    unsigned char *page = arena_alloc(arena, 2, PMA_EPHEMERAL);
    unsigned char *kept = page + 50 * PMA_PAGE_SIZE, *target = page + 100 * PMA_PAGE_SIZE;

    arena_fill(page, 40);
    arena_fill(page + PMA_PAGE_SIZE, 41);
    arena_ok(arena, pma_pages_move(arena, kept, page, 2, PMA_MOVE_PERSISTENT));
    arena_ok(arena, pma_pages_alloc_at(arena, kept + 2 * PMA_PAGE_SIZE, COUNT - 2, 0));
    for (uint64_t i = 2; i < COUNT; i++)
        arena_fill(kept + i * PMA_PAGE_SIZE, 40 + i);
    move_to(arena, target, kept, 0);
    expect_all(target, 40);
    arena_snapshot(arena, 1);
    arena = arena_reopen(*state, arena);
    expect_all(target, 40);
    arena_close(arena);
}

#define place_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(a_run_moved_before_its_snapshot_is_found_at_its_new_address),
        place_test(a_run_moved_after_its_snapshot_keeps_its_blocks),
        place_test(a_moved_run_can_be_stored_to),
        place_test(a_move_that_is_not_snapshot_is_undone_by_reopening),
        place_test(a_refused_move_changes_nothing),
        place_test(evicted_pages_come_back),
        place_test(an_evicted_page_that_is_in_no_snapshot_is_lost),
        place_test(ephemeral_pages_are_in_no_snapshot),
        place_test(an_evicted_ephemeral_page_comes_back_and_stays_ephemeral),
        place_test(ephemeral_pages_become_persistent_by_a_move),
        place_test(persistent_pages_leave_the_snapshots_by_a_move),
        place_test(fresh_pages_that_become_ephemeral_are_stored_to_in_private_memory),
        place_test(pages_made_writable_in_one_go_get_blocks_in_a_row),
        place_test(evicted_pages_that_become_persistent_and_ephemeral_again_are_there),
        place_test(pages_of_which_the_kernel_watches_some_move_in_one_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
