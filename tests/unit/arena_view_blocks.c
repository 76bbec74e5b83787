/* SPDX-License-Identifier: MIT */
/* Whose blocks stay for a view, how long, and through what. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/fault_points.h>

#include "fault_plan.h"
#include "view_scene.h"

static void the_blocks_of_a_view_are_counted_and_come_back(void **state)
{
    pma_t *arena = view_arena_with(*state, 5), *shown = view_open(*state);
    struct pma_stat stat;

    for (uint64_t number = 6; number < 9; number++)
        view_write(arena, number);
    assert_true(arena_stat(arena).view_blocks >= VIEW_PAGES);
    arena_close(shown);
    stat = arena_stat(arena);
    assert_int_equal(stat.view_blocks, 0);
    view_write(arena, 9);
    assert_int_equal(arena_stat(arena).file_blocks, stat.file_blocks);
    arena_close(arena);
}

static void a_view_that_stays_keeps_only_its_own_blocks(void **state)
{
    pma_t *arena = view_arena_with(*state, 5), *shown = view_open(*state);
    struct pma_stat first;

    for (uint64_t number = 6; number < 12; number++)
        view_write(arena, number);
    first = arena_stat(arena);
    for (uint64_t number = 12; number < 300; number++)
        view_write(arena, number);
    assert_int_equal(arena_stat(arena).view_blocks, first.view_blocks);
    assert_int_equal(arena_stat(arena).file_blocks, first.file_blocks);
    view_expect(shown, 5);
    arena_close(shown);
    arena_close(arena);
}

static void views_of_more_snapshots_than_are_told_apart_all_hold(void **state)
{
    enum { VIEWS = 40 };
    pma_t *arena = view_arena_with(*state, 2), *shown[VIEWS];

    for (uint64_t i = 0; i < VIEWS; i++) {
        shown[i] = view_open(*state);
        view_write(arena, 3 + i);
    }
    for (uint64_t i = 0; i < VIEWS; i++) {
        view_expect(shown[i], 2 + i);
        if (i % 2)
            arena_close(shown[i]);
    }
    for (uint64_t number = 3 + VIEWS; number < 60; number++)
        view_write(arena, number);
    for (uint64_t i = 0; i < VIEWS; i += 2) {
        view_expect(shown[i], 2 + i);
        arena_close(shown[i]);
    }
    assert_int_equal(arena_stat(arena).view_blocks, 0);
    arena_close(arena);
}

static void a_writer_that_gets_no_answer_takes_everything_for_pinned(void **state)
{
    pma_t *arena = view_arena_with(*state, 5);
    const struct pma_stat before = arena_stat(arena);

    fault_plan_arm("pma/view/ask", 1, true, EIO);
    for (uint64_t number = 6; number < 9; number++)
        view_write(arena, number);
    assert_true(arena_stat(arena).view_blocks >= VIEW_PAGES);
    fault_plan_disarm();
    assert_int_equal(arena_stat(arena).view_blocks, 0);
    assert_in_range(arena_stat(arena).file_blocks, before.file_blocks, 8 * before.file_blocks);
    arena_close(arena);
}

/* That pins are what keeps the blocks: with the question left out, they are reused. */
static void blocks_that_nobody_asks_about_are_reused_below_a_view(void **state)
{
    pma_t *arena = view_arena_with(*state, 5), *shown = view_open(*state);

    assert_int_equal(view_wrong_pages(shown, 5), 0);
    fault_plan_arm("pma/view/ask", 1, true, PMA_FAULT_SKIP);
    for (uint64_t number = 6; number < 30; number++)
        view_write(arena, number);
    fault_plan_disarm();
    assert_int_not_equal(view_wrong_pages(shown, 5), 0);
    arena_close(shown);
    arena_close(arena);
}

static void an_allocation_looks_for_views_that_are_gone_before_the_file_grows(void **state)
{
    pma_t *arena = view_arena_with(*state, 5), *shown = view_open(*state);
    uint64_t blocks;

    for (uint64_t number = 6; number < 9; number++)
        view_write(arena, number);
    blocks = arena_stat(arena).file_blocks;
    arena_close(shown);
    fault_plan_arm("pma/grow", 1, true, ENOSPC);
    for (uint64_t number = 9; number < 12; number++)
        view_write(arena, number);
    fault_plan_disarm();
    assert_int_equal(arena_stat(arena).file_blocks, blocks);
    arena_close(arena);
}

/* A process of its own, which says when it is ready and then waits for its end. */
struct peer {
    pid_t process;
    int ready;
};

typedef pma_t *make_handle(const struct arena_place *place);

static struct peer peer_start(make_handle *make, const struct arena_place *place)
{
    struct peer peer;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    peer = (struct peer){fork(), ends[0]};
    if (peer.process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
        if (!make(place) || write(ends[1], "r", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ends[1]);
    return peer;
}

static void peer_wait_until_ready(const struct peer *peer)
{
    char byte;

    assert_int_equal(read(peer->ready, &byte, 1), 1);
    close(peer->ready);
}

static void peer_kill(const struct peer *peer)
{
    assert_int_equal(kill(peer->process, SIGKILL), 0);
    assert_int_equal(waitpid(peer->process, NULL, 0), peer->process);
}

static void the_blocks_of_a_reader_that_is_killed_come_back(void **state)
{
    pma_t *arena = view_arena_with(*state, 5);
    const struct peer reader = peer_start(view_open, *state);

    peer_wait_until_ready(&reader);
    for (uint64_t number = 6; number < 10; number++)
        view_write(arena, number);
    assert_true(arena_stat(arena).view_blocks >= VIEW_PAGES);
    peer_kill(&reader);
    assert_int_equal(arena_stat(arena).view_blocks, 0);
    arena_close(arena);
}

static pma_t *writer_of_seven(const struct arena_place *place)
{
    return view_arena_with(place, 7);
}

static void a_view_outlives_its_writer_and_a_new_writer_spares_its_blocks(void **state)
{
    const struct peer writer = peer_start(writer_of_seven, *state);
    pma_t *older, *shown, *arena;

    peer_wait_until_ready(&writer);
    view_take_base(); /* the views lie elsewhere, and the writer can come later */
    shown = view_open(*state);
    older = view_open_previous(*state);
    view_give_base();
    peer_kill(&writer);
    view_expect(shown, 7);
    for (uint64_t number = 8; number < 100; number++) {
        arena = arena_open(*state);
        view_write(arena, number);
        view_expect(shown, 7);
        view_expect(older, 6);
        arena_close(arena);
    }
    arena_close(older);
    arena_close(shown);
    arena = arena_open(*state);
    assert_int_equal(arena_stat(arena).view_blocks, 0);
    arena_close(arena);
    arena_check(*state);
}

static void a_writer_that_comes_later_gets_back_what_an_old_view_held(void **state)
{
    pma_t *arena = view_arena_with(*state, 5), *shown = view_open(*state);
    struct pma_stat stat;

    for (uint64_t number = 6; number < 9; number++)
        view_write(arena, number);
    arena = arena_reopen(*state, arena);
    stat = arena_stat(arena);
    assert_int_equal(stat.free_blocks, 0);
    assert_true(stat.view_blocks >= VIEW_PAGES);
    view_write(arena, 9);
    view_expect(shown, 5);
    arena_close(shown);
    stat = arena_stat(arena);
    assert_int_equal(stat.view_blocks, 0);
    assert_true(stat.free_blocks >= VIEW_PAGES);
    arena_close(arena);
}

/* Readers open views and look at all of them, over and over, while the writer takes snapshots. */
struct readers {
    const struct arena_place *place;
    _Atomic bool stop;
    _Atomic uint64_t looks;
};

static void *read_views(void *argument)
{
    struct readers *readers = argument;
    uintptr_t wrong = 0;
    struct pma_options options = PMA_OPTIONS_INIT;

    for (unsigned i = 0; !atomic_load(&readers->stop); i++) {
        struct pma_stat stat;
        pma_t *shown;

        options.previous = i % 4 == 0;
        if (pma_view_open(readers->place->path, &options, &shown, NULL)) {
            wrong += !options.previous;
            continue;
        }
        wrong += pma_stat(shown, &stat) != 0 || stat.snapshot != stat.event;
        for (int look = 0; look < 3; look++) {
            wrong += view_wrong_pages(shown, stat.event);
            wrong += pma_evict(shown, pma_base(shown), VIEW_PAGES * PMA_PAGE_SIZE) != 0;
        }
        wrong += pma_close(shown) != 0;
        atomic_fetch_add(&readers->looks, 1);
    }
    return (void *)wrong;
}

static void threads_see_whole_snapshots_while_the_writer_takes_a_thousand(void **state)
{
    enum { THREADS = 3, SNAPSHOTS = 1000 };
    pma_t *arena = view_arena_with(*state, 3), *shown = view_open(*state);
    struct readers readers = {.place = *state};
    pthread_t threads[THREADS];
    void *wrong;

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_views, &readers), 0);
    for (uint64_t number = 4; number < 4 + SNAPSHOTS; number++)
        view_write(arena, number);
    while (atomic_load(&readers.looks) == 0)
        sched_yield();
    atomic_store(&readers.stop, true);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    view_expect(shown, 3);
    arena_close(shown);
    assert_int_equal(arena_stat(arena).view_blocks, 0);
    arena_close(arena);
    arena_check(*state);
}

#define view_test(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, fault_plan_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        view_test(the_blocks_of_a_view_are_counted_and_come_back),
        view_test(a_view_that_stays_keeps_only_its_own_blocks),
        view_test(views_of_more_snapshots_than_are_told_apart_all_hold),
        view_test(a_writer_that_gets_no_answer_takes_everything_for_pinned),
        view_test(blocks_that_nobody_asks_about_are_reused_below_a_view),
        view_test(an_allocation_looks_for_views_that_are_gone_before_the_file_grows),
        view_test(the_blocks_of_a_reader_that_is_killed_come_back),
        view_test(a_view_outlives_its_writer_and_a_new_writer_spares_its_blocks),
        view_test(a_writer_that_comes_later_gets_back_what_an_old_view_held),
        view_test(threads_see_whole_snapshots_while_the_writer_takes_a_thousand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
