/* SPDX-License-Identifier: MIT */
/* Lazy copying: what the kernel copies and notes, and what the arena makes of it. */
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
#include <unistd.h>

#include <cmocka.h>

#include "arena_place.h"
#include "arena_range.h"
#include "fault_plan.h"

enum { PAGES = 32, CANNOT = 77 };

static struct pma_options lazily(void)
{
    struct pma_options options = arena_small();

    options.copying = PMA_COPY_LAZY;
    return options;
}

static pma_t *reopen(const struct arena_place *place, pma_t *arena)
{
    const struct pma_options options = lazily();
    struct pma_error error;

    arena_close(arena);
    if (pma_open(place->path, &options, &arena, &error))
        fail_msg("%s", error.text);
    return arena;
}

static unsigned char *page_at(unsigned char *pages, uint64_t page)
{
    return pages + page * PMA_PAGE_SIZE;
}

static void fill_all(unsigned char *pages, uint64_t tag)
{
    for (uint64_t i = 0; i < PAGES; i++)
        arena_fill(page_at(pages, i), tag + i);
}

/* An arena whose pages have blocks, opened anew, so that what is mapped are those. */
static pma_t *arena_with_blocks(const struct arena_place *place, unsigned char **pages)
{
    const struct pma_options options = lazily();
    pma_t *arena = arena_create(place, &options);

    *pages = arena_alloc(arena, PAGES, 0);
    fill_all(*pages, 100);
    arena_snapshot(arena, 1);
    return reopen(place, arena);
}

static struct pma_stat stat_of(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat;
}

static uint64_t block_of(pma_t *arena, const void *page)
{
    struct pma_run run;

    arena_ok(arena, pma_next_run(arena, page, &run));
    return run.block;
}

static volatile sig_atomic_t signals;

static void count_signal(int number, siginfo_t *information, void *context)
{
    signals++;
    signal(SIGSEGV, SIG_DFL);
}

static void a_store_to_a_mapped_page_takes_no_signal(void **state)
{
    const struct sigaction counting = {.sa_sigaction = count_signal, .sa_flags = SA_SIGINFO};
    struct sigaction previous;
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);

    arena_ok(arena, pma_touch(arena, pages, PAGES * PMA_PAGE_SIZE));
    signals = 0;
    sigaction(SIGSEGV, &counting, &previous);
    for (uint64_t round = 1; round <= 3; round++) {
        fill_all(pages, 1000 * round);
        arena_snapshot(arena, 1 + round);
    }
    sigaction(SIGSEGV, &previous, NULL);
    assert_int_equal(signals, 0);
    arena = reopen(*state, arena);
    assert_int_equal(arena_tag(page_at(pages, 7)), 3007);
    arena_close(arena);
}

static void only_pages_that_were_stored_to_are_written(void **state)
{
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);
    const uint64_t block = block_of(arena, page_at(pages, 4)), copied = stat_of(arena).copied_pages;

    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(arena_tag(page_at(pages, i)), 100 + i);
    page_at(pages, 5)[17] ^= 1;
    arena_snapshot(arena, 2);
    assert_int_equal(stat_of(arena).copied_pages - copied, 1);
    assert_int_equal(block_of(arena, page_at(pages, 4)), block);
    assert_int_not_equal(block_of(arena, page_at(pages, 5)), block + 1);
    arena_snapshot(arena, 3);
    assert_int_equal(stat_of(arena).copied_pages - copied, 1);
    arena_close(arena);
    arena_check(*state);
}

static void scattered_stores_go_to_blocks_in_a_row(void **state)
{
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);
    uint64_t block;

    for (uint64_t i = 0; i < 8; i++)
        arena_fill(page_at(pages, (i * 5 + 2) % 24), 500 + i);
    arena_snapshot(arena, 2);
    block = block_of(arena, page_at(pages, 2));
    for (uint64_t page = 3, next = block + 1; page < 24; page++) {
        if (arena_tag(page_at(pages, page)) >= 500)
            assert_int_equal(block_of(arena, page_at(pages, page)), next++);
    }
    arena_close(arena);
    arena_check(*state);
}

/* The block below its mapping is free after two snapshots, and gets other content soon. */
static void a_page_in_memory_does_not_show_what_becomes_of_its_old_block(void **state)
{
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);
    const uint64_t old = block_of(arena, pages);
    bool reused = false;

    arena_fill(pages, 4711);
    for (uint64_t event = 2; event < 40; event++) {
        arena_fill(page_at(pages, 10), 5000 + event);
        arena_snapshot(arena, event);
        reused = reused || block_of(arena, page_at(pages, 10)) == old;
        assert_int_equal(arena_tag(pages), 4711);
    }
    assert_true(reused);
    arena_ok(arena, pma_evict(arena, pages, PAGES * PMA_PAGE_SIZE));
    assert_int_equal(arena_tag(pages), 4711);
    assert_int_equal(arena_tag(page_at(pages, 10)), 5039);
    arena_close(arena);
    arena_check(*state);
}

static void eviction_gives_the_memory_of_copies_back(void **state)
{
    unsigned char *pages, resident[PAGES];
    pma_t *arena = arena_with_blocks(*state, &pages);

    fill_all(pages, 200);
    arena_snapshot(arena, 2);
    fill_all(pages, 300);
    arena_ok(arena, pma_evict(arena, pages, PAGES * PMA_PAGE_SIZE));
    assert_int_equal(mincore(pages, PAGES * PMA_PAGE_SIZE, resident), 0);
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(resident[i] & 1, 0);
    assert_int_equal(stat_of(arena).resident_bytes, 0);
    assert_int_equal(arena_tag(page_at(pages, 3)), 303);
    arena_snapshot(arena, 3);
    arena = reopen(*state, arena);
    assert_int_equal(arena_tag(page_at(pages, 31)), 331);
    arena_close(arena);
    arena_check(*state);
}

static void what_the_kernel_stores_is_noted(void **state)
{
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    arena_ok(arena, pma_dirty(arena, page_at(pages, 6), 8));
    arena_snapshot(arena, 2);
    assert_int_equal(write(ends[1], "by read", 8), 8);
    assert_int_equal(read(ends[0], page_at(pages, 6), 8), 8);
    arena_snapshot(arena, 3);
    arena = reopen(*state, arena);
    assert_memory_equal(page_at(pages, 6), "by read", 8);
    close(ends[0]);
    close(ends[1]);
    arena_close(arena);
}

struct storing {
    _Atomic uint64_t *counters; /* one a page */
    atomic_bool stop;
    uint64_t rounds;
};

static void *store_all_the_time(void *argument)
{
    struct storing *storing = argument;

    for (; !atomic_load(&storing->stop); storing->rounds++) {
        for (uint64_t i = 0; i < PAGES; i++)
            atomic_store(&storing->counters[i * PMA_PAGE_SIZE / 8], storing->rounds + 1);
    }
    return NULL;
}

/* What such a snapshot holds of the page is open; what the next ones hold is not. */
static void a_store_during_a_snapshot_is_in_a_later_one(void **state)
{
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);
    struct storing storing = {.counters = (void *)pages};
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, store_all_the_time, &storing), 0);
    for (uint64_t event = 2; event < 50; event++) {
        arena_snapshot(arena, event);
        if (event % 8 == 0)
            arena_ok(arena, pma_evict(arena, pages, PAGES * PMA_PAGE_SIZE));
    }
    atomic_store(&storing.stop, true);
    pthread_join(thread, NULL);
    arena_snapshot(arena, 50);
    arena = reopen(*state, arena);
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(storing.counters[i * PMA_PAGE_SIZE / 8], storing.rounds);
    arena_close(arena);
    arena_check(*state);
}

struct checking {
    volatile uint64_t *counters; /* one a page */
    atomic_bool stop;
    atomic_ulong stores;
    uint64_t lost;
};

static void *store_and_look(void *argument)
{
    struct checking *checking = argument;
    uint64_t round = checking->counters[0];

    for (; !atomic_load(&checking->stop); round++) {
        for (uint64_t i = 0; i < PAGES; i++) {
            volatile uint64_t *counter = &checking->counters[i * PMA_PAGE_SIZE / 8];

            checking->lost += *counter != round;
            *counter = round + 1;
            atomic_fetch_add(&checking->stores, 1);
        }
    }
    return NULL;
}

static void a_store_during_an_eviction_stays(void **state)
{
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);
    struct checking checking = {.counters = (void *)pages};
    pthread_t thread;

    for (uint64_t i = 0; i < PAGES; i++)
        checking.counters[i * PMA_PAGE_SIZE / 8] = 1;
    assert_int_equal(pthread_create(&thread, NULL, store_and_look, &checking), 0);
    for (unsigned i = 0; i < 200; i++) {
        const unsigned long stores = atomic_load(&checking.stores);

        while (atomic_load(&checking.stores) == stores)
            sched_yield();
        arena_ok(arena, pma_evict(arena, pages, PAGES * PMA_PAGE_SIZE));
    }
    atomic_store(&checking.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(checking.lost, 0);
    arena_close(arena);
}

static void stored_pages_move_and_are_freed_like_others(void **state)
{
    unsigned char *pages, *target;
    pma_t *arena = arena_with_blocks(*state, &pages);

    target = page_at(pages, 100);
    arena_fill(page_at(pages, 3), 903);
    arena_ok(arena, pma_pages_move(arena, target, page_at(pages, 2), 4, 0));
    arena_fill(page_at(target, 0), 902);
    for (uint64_t i = 0; i < 4; i++)
        assert_int_equal(arena_tag(page_at(target, i)), i < 2 ? 902 + i : 102 + i);
    arena_fill(page_at(pages, 10), 910);
    arena_ok(arena, pma_pages_free(arena, page_at(pages, 10), 2));
    arena_ok(arena, pma_pages_alloc_at(arena, page_at(pages, 10), 2, 0));
    assert_int_equal(arena_tag(page_at(pages, 10)), 0);
    arena_snapshot(arena, 2);
    arena = reopen(*state, arena);
    for (uint64_t i = 0; i < 4; i++)
        assert_int_equal(arena_tag(page_at(target, i)), i < 2 ? 902 + i : 102 + i);
    assert_int_equal(arena_tag(page_at(pages, 10)), 0);
    assert_int_equal(arena_tag(page_at(pages, 12)), 112);
    arena_close(arena);
    arena_check(*state);
}

/* The kernel takes copies of pages away that are mapped behind the end of the file. */
static void stored_pages_survive_a_file_that_gets_shorter(void **state)
{
    unsigned char *pages, *more;
    pma_t *arena = arena_with_blocks(*state, &pages);
    uint64_t high, before;

    more = arena_alloc(arena, 150, 0);
    for (uint64_t i = 0; i < 150; i++)
        arena_fill(page_at(more, i), 2000 + i);
    arena_snapshot(arena, 2);
    fill_all(pages, 400);
    arena_snapshot(arena, 3);
    arena = reopen(*state, arena);
    arena_ok(arena, pma_pages_free(arena, more, 150));
    arena_snapshot(arena, 4);
    arena_snapshot(arena, 5);
    high = block_of(arena, pages);
    fill_all(pages, 500);
    arena_snapshot(arena, 6);
    assert_true(block_of(arena, pages) < high);
    before = stat_of(arena).file_blocks;
    arena_ok(arena, pma_shrink(arena, 0, NULL));
    assert_true(stat_of(arena).file_blocks < high);
    assert_true(high < before);
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(arena_tag(page_at(pages, i)), 500 + i);
    arena_close(arena);
    arena_check(*state);
}

static void scattered_stores_need_no_mappings_of_their_own(void **state)
{
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);
    uint64_t mappings;

    arena_fill(pages, 1);
    mappings = stat_of(arena).mappings;
    for (uint64_t event = 2; event < 10; event++) {
        for (uint64_t i = event % 3; i < PAGES; i += 3)
            arena_fill(page_at(pages, i), event * 100 + i);
        arena_snapshot(arena, event);
    }
    assert_int_equal(stat_of(arena).mappings, mappings);
    arena_close(arena);
}

/* The kernel moves watched mappings one by one; halves of what is moved end within such mappings.
 */
static void pages_that_move_in_pieces_count_as_pieces(void **state)
{
    enum { FIRST = 10, COUNT = 2 * PAGES - FIRST };
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);
    unsigned char *holes = page_at(pages, PAGES), *target = page_at(pages, 3 * PAGES);

    arena_ok(arena, pma_pages_alloc_at(arena, holes, PAGES, 0));
    fill_all(pages, 200);
    fill_all(holes, 200 + PAGES);
    arena_ok(arena, pma_pages_move(arena, target, page_at(pages, FIRST), COUNT, 0));
    assert_in_range(arena_range(arena).mappings, 1, stat_of(arena).mappings);
    for (uint64_t i = 0; i < COUNT; i++)
        assert_int_equal(arena_tag(page_at(target, i)), 200 + FIRST + i);
    arena_close(arena);
}

/* As a kernel may do that has marked the pages clean which it could not write. */
static void what_a_failed_sync_lost_is_written_again_from_memory(void **state)
{
    const struct arena_place *place = *state;
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(place, &pages);
    int fd = open(place->path, O_RDWR);
    uint64_t block;

    fill_all(pages, 600);
    fault_plan_arm("pma/dir/write", 1, false, EIO); /* pages have been written by then */
    assert_int_equal(pma_snapshot(arena, 2), -EIO);
    fault_plan_disarm();
    block = block_of(arena, pages);
    assert_int_equal(pwrite(fd, "old content", 11, (off_t)block * PMA_PAGE_SIZE), 11);
    close(fd);
    fault_plan_arm("pma/sync/blocks", 1, false, EIO);
    assert_int_equal(pma_snapshot(arena, 3), -EIO);
    fault_plan_disarm();
    arena_snapshot(arena, 4);
    arena = reopen(place, arena);
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(arena_tag(page_at(pages, i)), 600 + i);
    arena_close(arena);
    arena_check(place);
}

static void a_snapshot_that_finds_no_room_loses_nothing(void **state)
{
    unsigned char *pages;
    pma_t *arena = arena_with_blocks(*state, &pages);

    fill_all(pages, 700);
    fault_plan_arm("pma/private/write", 1, false, ENOSPC);
    assert_int_equal(pma_snapshot(arena, 2), -ENOSPC);
    fault_plan_disarm();
    assert_non_null(strstr(pma_last_error(arena), "write of stored pages"));
    page_at(pages, 9)[0] ^= 1;
    page_at(pages, 9)[0] ^= 1;
    arena_snapshot(arena, 3);
    arena = reopen(*state, arena);
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(arena_tag(page_at(pages, i)), 700 + i);
    arena_close(arena);
}

static void a_kernel_that_cannot_is_told_in_words(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options options = lazily();
    struct pma_error error;
    pma_t *arena = NULL;

    fault_plan_arm("pma/lazy/open", 1, true, ENOSYS);
    assert_int_equal(pma_create(place->path, &options, &arena, &error), -EOPNOTSUPP);
    assert_non_null(strstr(error.text, "lazy copying, which needs Linux 6.7"));
    assert_null(arena);
    assert_int_not_equal(access(place->path, F_OK), 0);
    fault_plan_disarm();
    arena_close(arena_create(place, &options));
    fault_plan_arm("pma/lazy/open", 1, true, ENOSYS);
    assert_int_equal(pma_open(place->path, &options, &arena, &error), -EOPNOTSUPP);
    assert_non_null(strstr(error.text, "lazy copying"));
    fault_plan_disarm();
}

static bool kernel_can(void)
{
    const struct pma_options options = lazily();
    void *state;
    pma_t *arena;
    int result;

    if (arena_place_setup(&state))
        return true;
    result = pma_create(((struct arena_place *)state)->path, &options, &arena, NULL);
    if (!result)
        pma_close(arena);
    arena_place_teardown(&state);
    return result != -EOPNOTSUPP;
}

static int disarm(void **state)
{
    fault_plan_disarm();
    return arena_place_teardown(state);
}

#define lazy_test(test) cmocka_unit_test_setup_teardown(test, arena_place_setup, disarm)

int main(void)
{
    const struct CMUnitTest tests[] = {
        lazy_test(a_store_to_a_mapped_page_takes_no_signal),
        lazy_test(only_pages_that_were_stored_to_are_written),
        lazy_test(scattered_stores_go_to_blocks_in_a_row),
        lazy_test(a_page_in_memory_does_not_show_what_becomes_of_its_old_block),
        lazy_test(eviction_gives_the_memory_of_copies_back),
        lazy_test(what_the_kernel_stores_is_noted),
        lazy_test(a_store_during_a_snapshot_is_in_a_later_one),
        lazy_test(a_store_during_an_eviction_stays),
        lazy_test(stored_pages_move_and_are_freed_like_others),
        lazy_test(stored_pages_survive_a_file_that_gets_shorter),
        lazy_test(scattered_stores_need_no_mappings_of_their_own),
        lazy_test(pages_that_move_in_pieces_count_as_pieces),
        lazy_test(what_a_failed_sync_lost_is_written_again_from_memory),
        lazy_test(a_snapshot_that_finds_no_room_loses_nothing),
        lazy_test(a_kernel_that_cannot_is_told_in_words),
    };

    if (!kernel_can()) {
        printf("skipped: this kernel cannot copy lazily\n");
        return CANNOT;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
