/* SPDX-License-Identifier: MIT */
/* Views: what they show while a writer goes on, and whose blocks stay how long. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <fiu-control.h>
#include <pma/fault_points.h>

#include "arena_place.h"
#include "fault_plan.h"

enum { PAGES = 24 };

static pma_t *view_with(const struct arena_place *place, const struct pma_options *options)
{
    struct pma_error error;
    pma_t *opened = NULL;

    if (pma_view_open(place->path, options, &opened, &error))
        fail_msg("%s", error.text);
    return opened;
}

static pma_t *view(const struct arena_place *place)
{
    return view_with(place, NULL);
}

static pma_t *previous_view(const struct arena_place *place)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.previous = true;
    return view_with(place, &options);
}

static struct pma_stat stat_of(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat;
}

static const unsigned char *page_at(const pma_t *arena, size_t number)
{
    return (const unsigned char *)pma_base(arena) + number * PMA_PAGE_SIZE;
}

static void take_base(void)
{
    void *const at = (void *)(uintptr_t)PMA_DEFAULT_BASE;

    assert_ptr_equal(mmap(at, PMA_PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), at);
}

static void give_base(void)
{
    munmap((void *)(uintptr_t)PMA_DEFAULT_BASE, PMA_PAGE_SIZE);
}

static void expect_base_is_free(void)
{
    take_base();
    give_base();
}

/* Snapshot number and event are the same, and every page says both. */
static void write_all(pma_t *arena, uint64_t number)
{
    for (size_t i = 0; i < PAGES; i++)
        arena_fill((void *)page_at(arena, i), number * 100 + i);
    arena_ok(arena, pma_set_root(arena, 0, number));
    arena_snapshot(arena, number);
}

static pma_t *arena_with_snapshot(const struct arena_place *place, uint64_t number)
{
    const struct pma_options options = arena_small();
    pma_t *arena = arena_create(place, &options);

    arena_alloc(arena, PAGES, 0);
    for (uint64_t i = 2; i <= number; i++)
        write_all(arena, i);
    return arena;
}

/* How many pages do not show the snapshot `number`. */
static size_t wrong_pages(const pma_t *arena, uint64_t number)
{
    size_t wrong = 0;

    for (size_t i = 0; i < PAGES; i++)
        wrong += arena_tag(page_at(arena, i)) != number * 100 + i;
    return wrong;
}

static void expect_shows(pma_t *shown, uint64_t number)
{
    uint64_t root;

    assert_int_equal(stat_of(shown).snapshot, number);
    assert_int_equal(stat_of(shown).event, number);
    arena_ok(shown, pma_root(shown, 0, &root));
    assert_int_equal(root, number);
    assert_int_equal(wrong_pages(shown, number), 0);
    arena_ok(shown, pma_evict(shown, pma_base(shown), PAGES * PMA_PAGE_SIZE));
    assert_int_equal(wrong_pages(shown, number), 0);
}

static void a_view_shows_its_snapshot_while_the_writer_goes_on(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 3), *shown = view(*state);

    for (uint64_t number = 4; number < 40; number++) {
        write_all(arena, number);
        expect_shows(shown, 3);
    }
    arena_close(shown);
    shown = view(*state);
    expect_shows(shown, 39);
    arena_close(arena);
    expect_shows(shown, 39);
    arena_close(shown);
    arena_check(*state);
}

static void the_previous_snapshot_can_be_viewed(void **state)
{
    const struct arena_place *place = *state;
    pma_t *arena = arena_with_snapshot(place, 5), *shown = previous_view(place);

    for (uint64_t number = 6; number < 10; number++) {
        write_all(arena, number);
        expect_shows(shown, 4);
    }
    arena_close(shown);
    arena_close(arena);
}

static void a_reader_can_open_the_previous_snapshot(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena = arena_with_snapshot(place, 5);

    arena_close(arena);
    options.previous = options.read_only = true;
    assert_int_equal(pma_open(place->path, &options, &arena, NULL), 0);
    expect_shows(arena, 4);
    arena_close(arena);
}

static void expect_refusal(const struct arena_place *place, bool is_view,
                           const struct pma_options *options, int code, const char *text)
{
    struct pma_error error;
    pma_t *opened = NULL;

    assert_int_equal((is_view ? pma_view_open : pma_open)(place->path, options, &opened, &error),
                     code);
    assert_null(opened);
    if (!strstr(error.text, text))
        fail_msg("'%s' does not say '%s'", error.text, text);
}

static void only_readers_can_ask_for_the_previous_snapshot(void **state)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    arena_close(arena_with_snapshot(*state, 3));
    options.previous = true;
    expect_refusal(*state, false, &options, PMA_EARGUMENT,
                   "for writing at the previous snapshot: argument out of range");
}

static void a_young_arena_has_no_previous_snapshot(void **state)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena = arena_with_snapshot(*state, 1);

    options.previous = true;
    expect_refusal(*state, true, &options, -ENOENT, "snapshot before 1: No such file or directory");
    arena_close(arena);
    options.read_only = true;
    expect_refusal(*state, false, &options, -ENOENT, "snapshot before 1");
}

static void what_cannot_be_viewed_is_refused_with_a_reason(void **state)
{
    const struct arena_place *place = *state;
    FILE *file;

    expect_refusal(place, true, NULL, -ENOENT, "open ");
    file = fopen(place->path, "w");
    assert_non_null(file);
    for (int i = 0; i < 3 * PMA_PAGE_SIZE; i++)
        fputc('x', file);
    fclose(file);
    expect_refusal(place, true, NULL, PMA_ENOTARENA, "meta page 0: ");
}

static void a_view_changes_nothing(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 3), *shown = view(*state);
    uint64_t first, count;
    void *address;

    assert_int_equal(pma_snapshot(shown, 1), PMA_EREADONLY);
    assert_int_equal(pma_set_root(shown, 0, 1), PMA_EREADONLY);
    assert_int_equal(pma_pages_alloc(shown, 1, 0, &address), PMA_EREADONLY);
    assert_int_equal(pma_dirty(shown, pma_base(shown), 1), PMA_EREADONLY);
    assert_int_equal(pma_next_free(shown, 0, &first, &count), PMA_EREADONLY);
    assert_non_null(strstr(pma_last_error(shown), "a view does not know which blocks are free"));
    arena_close(shown);
    arena_close(arena);
}

static void stored_pointers_are_translated(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 3), *shown = view(*state);
    unsigned char *const page = pma_base(arena);
    const uint64_t reserved = stat_of(arena).reserved_pages * PMA_PAGE_SIZE;

    assert_ptr_not_equal(pma_base(shown), page);
    assert_int_equal(stat_of(shown).base, (uintptr_t)page);
    assert_ptr_equal(pma_view_ptr(shown, page + 5000), page_at(shown, 0) + 5000);
    assert_null(pma_view_ptr(shown, page - 1));
    assert_null(pma_view_ptr(shown, page + reserved));
    assert_ptr_equal(pma_view_ptr(arena, page - 1), page - 1);
    arena_close(arena);
    arena_close(shown);
    shown = view(*state);
    assert_ptr_equal(pma_base(shown), page);
    assert_ptr_equal(pma_view_ptr(shown, page), page);
    arena_close(shown);
}

static void expect_address_is_free(void *context, uint64_t done, uint64_t total)
{
    expect_base_is_free();
    *(uint64_t *)context = done;
}

static void a_copy_leaves_the_arena_s_address_to_others(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = PMA_OPTIONS_INIT;
    uint64_t copied = 0;
    char to[128];

    arena_close(arena_with_snapshot(place, 3));
    snprintf(to, sizeof(to), "%s/copy.pma", place->directory);
    options.progress = expect_address_is_free;
    options.progress_context = &copied;
    assert_int_equal(pma_copy(place->path, to, &options, NULL), 0);
    assert_int_equal(copied, PAGES);
}

static void damage_below_a_view_is_noticed(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_run run;
    pma_t *arena = arena_with_snapshot(place, 3), *shown;
    int fd = open(place->path, O_RDWR);

    arena_ok(arena, pma_next_run(arena, NULL, &run));
    assert_int_equal(pwrite(fd, "rot", 3, (off_t)run.block * PMA_PAGE_SIZE), 3);
    close(fd);
    options.verify = true;
    assert_int_equal(pma_view_open(place->path, &options, &shown, NULL), 0);
    assert_int_equal(pma_touch(shown, pma_base(shown), 1), PMA_ECORRUPT);
    assert_non_null(strstr(pma_last_error(shown), "fails its checksum"));
    arena_close(shown);
    arena_close(arena);
}

static void fail_snapshot(pma_t *arena, const char *point)
{
    fault_plan_arm(point, 1, false, EIO);
    assert_int_equal(pma_snapshot(arena, 77), -EIO);
    fault_plan_disarm();
}

static void an_attempt_that_failed_is_not_seen(void **state)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena = arena_with_snapshot(*state, 5), *shown;

    fail_snapshot(arena, "pma/sync/meta");
    fail_snapshot(arena, "pma/sync/meta");
    shown = view(*state);
    expect_shows(shown, 5);
    options.previous = true;
    expect_refusal(*state, true, &options, -EAGAIN,
                   "a snapshot is being written over the previous one");
    arena_snapshot(arena, 5);
    arena_close(shown);
    shown = view(*state);
    assert_int_equal(stat_of(shown).snapshot, 8);
    arena_close(shown);
    shown = previous_view(*state);
    expect_shows(shown, 5);
    arena_close(shown);
    arena_close(arena);
}

/* That the lock of the writer is what hides it. */
static void an_attempt_that_is_not_hidden_is_seen(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 5), *shown;

    fault_plan_arm("pma/view/hide", 1, true, PMA_FAULT_SKIP);
    fiu_enable("pma/sync/meta", 1, NULL, 0);
    assert_int_equal(pma_snapshot(arena, 77), -EIO);
    fiu_disable("pma/sync/meta");
    fault_plan_disarm();
    shown = view(*state);
    assert_int_equal(stat_of(shown).event, 77);
    arena_close(shown);
    arena_close(arena);
}

static void an_attempt_that_cannot_be_hidden_is_not_begun(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 5);

    fault_plan_arm("pma/view/hide", 1, false, ENOLCK);
    assert_int_equal(pma_snapshot(arena, 77), -ENOLCK);
    fault_plan_disarm();
    assert_non_null(strstr(pma_last_error(arena), "snapshot 6: keeping it from views"));
    arena = arena_reopen(*state, arena);
    expect_shows(arena, 5);
    write_all(arena, 6);
    expect_shows(arena, 6);
    arena_close(arena);
}

static void the_blocks_of_a_view_are_counted_and_come_back(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 5), *shown = view(*state);
    struct pma_stat stat;

    for (uint64_t number = 6; number < 9; number++)
        write_all(arena, number);
    assert_true(stat_of(arena).view_blocks >= PAGES);
    arena_close(shown);
    stat = stat_of(arena);
    assert_int_equal(stat.view_blocks, 0);
    write_all(arena, 9);
    assert_int_equal(stat_of(arena).file_blocks, stat.file_blocks);
    arena_close(arena);
}

static void a_view_that_stays_keeps_only_its_own_blocks(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 5), *shown = view(*state);
    struct pma_stat first;

    for (uint64_t number = 6; number < 12; number++)
        write_all(arena, number);
    first = stat_of(arena);
    for (uint64_t number = 12; number < 300; number++)
        write_all(arena, number);
    assert_int_equal(stat_of(arena).view_blocks, first.view_blocks);
    assert_int_equal(stat_of(arena).file_blocks, first.file_blocks);
    expect_shows(shown, 5);
    arena_close(shown);
    arena_close(arena);
}

static void views_of_more_snapshots_than_are_told_apart_all_hold(void **state)
{
    enum { VIEWS = 40 };
    pma_t *arena = arena_with_snapshot(*state, 2), *shown[VIEWS];

    for (uint64_t i = 0; i < VIEWS; i++) {
        shown[i] = view(*state);
        write_all(arena, 3 + i);
    }
    for (uint64_t i = 0; i < VIEWS; i++) {
        expect_shows(shown[i], 2 + i);
        if (i % 2)
            arena_close(shown[i]);
    }
    for (uint64_t number = 3 + VIEWS; number < 60; number++)
        write_all(arena, number);
    for (uint64_t i = 0; i < VIEWS; i += 2) {
        expect_shows(shown[i], 2 + i);
        arena_close(shown[i]);
    }
    assert_int_equal(stat_of(arena).view_blocks, 0);
    arena_close(arena);
}

static void a_writer_that_gets_no_answer_takes_everything_for_pinned(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 5);
    const struct pma_stat before = stat_of(arena);

    fault_plan_arm("pma/view/ask", 1, true, EIO);
    for (uint64_t number = 6; number < 9; number++)
        write_all(arena, number);
    assert_true(stat_of(arena).view_blocks >= PAGES);
    fault_plan_disarm();
    assert_int_equal(stat_of(arena).view_blocks, 0);
    assert_in_range(stat_of(arena).file_blocks, before.file_blocks, 8 * before.file_blocks);
    arena_close(arena);
}

/* That pins are what keeps the blocks: with the question left out, they are reused. */
static void blocks_that_nobody_asks_about_are_reused_below_a_view(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 5), *shown = view(*state);

    assert_int_equal(wrong_pages(shown, 5), 0);
    fault_plan_arm("pma/view/ask", 1, true, PMA_FAULT_SKIP);
    for (uint64_t number = 6; number < 30; number++)
        write_all(arena, number);
    fault_plan_disarm();
    assert_int_not_equal(wrong_pages(shown, 5), 0);
    arena_close(shown);
    arena_close(arena);
}

static void an_allocation_looks_for_views_that_are_gone_before_the_file_grows(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 5), *shown = view(*state);
    uint64_t blocks;

    for (uint64_t number = 6; number < 9; number++)
        write_all(arena, number);
    blocks = stat_of(arena).file_blocks;
    arena_close(shown);
    fault_plan_arm("pma/grow", 1, true, ENOSPC);
    for (uint64_t number = 9; number < 12; number++)
        write_all(arena, number);
    fault_plan_disarm();
    assert_int_equal(stat_of(arena).file_blocks, blocks);
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
    pma_t *arena = arena_with_snapshot(*state, 5);
    const struct peer reader = peer_start(view, *state);

    peer_wait_until_ready(&reader);
    for (uint64_t number = 6; number < 10; number++)
        write_all(arena, number);
    assert_true(stat_of(arena).view_blocks >= PAGES);
    peer_kill(&reader);
    assert_int_equal(stat_of(arena).view_blocks, 0);
    arena_close(arena);
}

static pma_t *writer_of_seven(const struct arena_place *place)
{
    return arena_with_snapshot(place, 7);
}

static void a_view_outlives_its_writer_and_a_new_writer_spares_its_blocks(void **state)
{
    const struct peer writer = peer_start(writer_of_seven, *state);
    pma_t *older, *shown, *arena;

    peer_wait_until_ready(&writer);
    take_base(); /* the views lie elsewhere, and the writer can come later */
    shown = view(*state);
    older = previous_view(*state);
    give_base();
    peer_kill(&writer);
    expect_shows(shown, 7);
    for (uint64_t number = 8; number < 100; number++) {
        arena = arena_open(*state);
        write_all(arena, number);
        expect_shows(shown, 7);
        expect_shows(older, 6);
        arena_close(arena);
    }
    arena_close(older);
    arena_close(shown);
    arena = arena_open(*state);
    assert_int_equal(stat_of(arena).view_blocks, 0);
    arena_close(arena);
    arena_check(*state);
}

static void a_writer_that_comes_later_gets_back_what_an_old_view_held(void **state)
{
    pma_t *arena = arena_with_snapshot(*state, 5), *shown = view(*state);
    struct pma_stat stat;

    for (uint64_t number = 6; number < 9; number++)
        write_all(arena, number);
    arena = arena_reopen(*state, arena);
    stat = stat_of(arena);
    assert_int_equal(stat.free_blocks, 0);
    assert_true(stat.view_blocks >= PAGES);
    write_all(arena, 9);
    expect_shows(shown, 5);
    arena_close(shown);
    stat = stat_of(arena);
    assert_int_equal(stat.view_blocks, 0);
    assert_true(stat.free_blocks >= PAGES);
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
            wrong += wrong_pages(shown, stat.event);
            wrong += pma_evict(shown, pma_base(shown), PAGES * PMA_PAGE_SIZE) != 0;
        }
        wrong += pma_close(shown) != 0;
        atomic_fetch_add(&readers->looks, 1);
    }
    return (void *)wrong;
}

static void threads_see_whole_snapshots_while_the_writer_takes_a_thousand(void **state)
{
    enum { THREADS = 3, SNAPSHOTS = 1000 };
    pma_t *arena = arena_with_snapshot(*state, 3), *shown = view(*state);
    struct readers readers = {.place = *state};
    pthread_t threads[THREADS];
    void *wrong;

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_views, &readers), 0);
    for (uint64_t number = 4; number < 4 + SNAPSHOTS; number++)
        write_all(arena, number);
    while (atomic_load(&readers.looks) == 0)
        sched_yield();
    atomic_store(&readers.stop, true);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    expect_shows(shown, 3);
    arena_close(shown);
    assert_int_equal(stat_of(arena).view_blocks, 0);
    arena_close(arena);
    arena_check(*state);
}

static void a_view_reads_a_deep_tree_while_the_writer_rebuilds_it(void **state)
{
    enum { DEEP = 120 };
    const struct pma_options options = arena_small();
    pma_t *arena = arena_create(*state, &options), *shown;
    size_t wrong = 0;

    /* Every other page, so that each is an extent: nodes of 4 entries make 4 levels. */
    for (size_t i = 0; i < DEEP; i++) {
        unsigned char *page = (unsigned char *)page_at(arena, 2 * i);

        arena_ok(arena, pma_pages_alloc_at(arena, page, 1, 0));
        arena_fill(page, 1000 + i);
    }
    arena_snapshot(arena, 1);
    shown = view(*state);
    for (size_t i = 0; i < DEEP; i++) {
        arena_ok(arena, pma_pages_free(arena, (void *)page_at(arena, 2 * i), 1));
        arena_snapshot(arena, 2 + i);
        wrong += arena_tag(page_at(shown, 2 * i)) != 1000 + i;
    }
    assert_int_equal(wrong, 0);
    arena_close(shown);
    arena_close(arena);
    arena_check(*state);
}

static void every_call_of_opening_a_view_may_fail(void **state)
{
    static const char *const points[] = {"pma/open/file", "pma/view/read", "pma/view/hold",
                                         "pma/open/reserve"};
    pma_t *arena = arena_with_snapshot(*state, 5), *shown;

    for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
        fault_plan_arm(points[i], 1, false, EIO);
        expect_refusal(*state, true, NULL, -EIO, "Input/output error");
        fault_plan_disarm();
    }
    for (uint64_t number = 6; number < 9; number++)
        write_all(arena, number);
    assert_int_equal(stat_of(arena).view_blocks, 0); /* none of them left a pin */
    shown = view(*state);
    expect_shows(shown, 8);
    arena_close(shown);
    arena_close(arena);
}

/* A test that failed has left its fault armed. */
static int disarm(void **state)
{
    fault_plan_disarm();
    return arena_place_teardown(state);
}

#define view_test(test) cmocka_unit_test_setup_teardown(test, arena_place_setup, disarm)

int main(void)
{
    const struct CMUnitTest tests[] = {
        view_test(a_view_shows_its_snapshot_while_the_writer_goes_on),
        view_test(the_previous_snapshot_can_be_viewed),
        view_test(a_reader_can_open_the_previous_snapshot),
        view_test(only_readers_can_ask_for_the_previous_snapshot),
        view_test(a_young_arena_has_no_previous_snapshot),
        view_test(what_cannot_be_viewed_is_refused_with_a_reason),
        view_test(a_view_changes_nothing),
        view_test(stored_pointers_are_translated),
        view_test(a_copy_leaves_the_arena_s_address_to_others),
        view_test(damage_below_a_view_is_noticed),
        view_test(an_attempt_that_failed_is_not_seen),
        view_test(an_attempt_that_is_not_hidden_is_seen),
        view_test(an_attempt_that_cannot_be_hidden_is_not_begun),
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
        view_test(a_view_reads_a_deep_tree_while_the_writer_rebuilds_it),
        view_test(every_call_of_opening_a_view_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
