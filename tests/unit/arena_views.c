/* SPDX-License-Identifier: MIT */
/* Views: what they show while a writer goes on, and whose blocks stay how long. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena_place.h"
#include "fault_plan.h"

enum { PAGES = 24 };

static pma_t *view(const struct arena_place *place)
{
    struct pma_error error;
    pma_t *opened = NULL;

    if (pma_view_open(place->path, NULL, &opened, &error))
        fail_msg("%s", error.text);
    return opened;
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

#define place_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(a_view_shows_its_snapshot_while_the_writer_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
