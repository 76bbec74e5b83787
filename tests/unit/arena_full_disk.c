/* SPDX-License-Identifier: MIT */
/* A disk that is full gives errors from calls; it never takes a store away. Needs to mount. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena_place.h"

enum { CANNOT_MOUNT = 77, PAGES = 200 };

static bool mount_small(const char *directory)
{
    return mount("tmpfs", directory, "tmpfs", 0, "size=400k") == 0;
}

static int setup(void **state)
{
    const struct arena_place *place;

    if (arena_place_setup(state))
        return -1;
    place = *state;
    return mount_small(place->directory) ? 0 : -1;
}

static int teardown(void **state)
{
    const struct arena_place *place = *state;

    umount2(place->directory, MNT_DETACH); /* a test that failed has left an arena open */
    return arena_place_teardown(state);
}

static unsigned char *fill_beyond_the_disk(pma_t *arena, uint64_t tag)
{
    unsigned char *page = arena_alloc(arena, PAGES, 0);

    for (uint64_t i = 0; i < PAGES; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, tag + i);
    return page;
}

static void expect(const unsigned char *page, uint64_t from, uint64_t to, uint64_t tag)
{
    for (uint64_t i = from; i < to; i++)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE), tag + i);
}

static void stores_go_on_and_the_next_call_says_that_the_disk_is_full(void **state)
{
    arena_eager_only();
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    unsigned char *page = fill_beyond_the_disk(arena, 100);
    void *more = NULL;

    expect(page, 0, PAGES, 100);
    assert_int_equal(pma_pages_alloc(arena, 1, 0, &more), -ENOSPC);
    assert_null(more);
    assert_non_null(strstr(pma_last_error(arena), "No space left on device"));
    assert_int_equal(pma_dirty(arena, page, PAGES * PMA_PAGE_SIZE), -ENOSPC);
    assert_int_equal(pma_snapshot(arena, 1), -ENOSPC);
    assert_non_null(strstr(pma_last_error(arena), "snapshot 2"));
    expect(page, 0, PAGES, 100);
    arena_close(arena);
    arena_close(arena_open(*state));
    arena_check(*state);
}

static void what_was_kept_in_memory_is_saved_once_there_is_room(void **state)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    unsigned char *page = fill_beyond_the_disk(arena, 100);

    assert_int_equal(pma_snapshot(arena, 1), -ENOSPC);
    arena_ok(arena, pma_pages_free(arena, page, PAGES - 60));
    arena_snapshot(arena, 2);
    expect(page, PAGES - 60, PAGES, 100);
    arena = arena_reopen(*state, arena);
    expect(page, PAGES - 60, PAGES, 100);
    arena_close(arena);
    arena_check(*state);
}

static void an_arena_that_fills_its_disk_can_still_be_emptied(void **state)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    unsigned char *page = arena_alloc(arena, 60, 0);

    for (uint64_t i = 0; i < 60; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, 100 + i);
    arena_snapshot(arena, 1);
    for (uint64_t i = 0; i < 60; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, 200 + i);
    assert_int_equal(pma_snapshot(arena, 2), -ENOSPC);
    arena_ok(arena, pma_pages_free(arena, page, 50));
    arena_snapshot(arena, 3);
    expect(page, 50, 60, 200);
    arena = arena_reopen(*state, arena);
    expect(page, 50, 60, 200);
    arena_snapshot(arena, 4);
    arena_close(arena);
    arena_check(*state);
}

static void room_for_a_snapshot_is_left_when_data_gets_no_more(void **state)
{
    arena_eager_only();
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    unsigned char *page = arena_alloc(arena, PAGES, 0);
    uint64_t stored = 0;

    /* Here and there, so that the directory has much to write. */
    while (pma_dirty(arena, page + stored * 37 % PAGES * PMA_PAGE_SIZE, 1) == 0) {
        arena_fill(page + stored * 37 % PAGES * PMA_PAGE_SIZE, 100 + stored);
        stored++;
    }
    assert_in_range(stored, 40, 99);
    arena_snapshot(arena, 1);
    arena = arena_reopen(*state, arena);
    for (uint64_t i = 0; i < stored; i++)
        assert_int_equal(arena_tag(page + i * 37 % PAGES * PMA_PAGE_SIZE), 100 + i);
    arena_close(arena);
    arena_check(*state);
}

static void what_a_shrunken_file_gives_back_is_there_for_others(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);
    unsigned char *page = arena_alloc(arena, 50, 0);
    char copy[128];

    for (uint64_t i = 0; i < 50; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, 100 + i);
    arena_snapshot(arena, 1);
    snprintf(copy, sizeof(copy), "%s/copy.pma", place->directory);
    assert_int_equal(pma_copy(place->path, copy, NULL, NULL), -ENOSPC);
    assert_int_not_equal(access(copy, F_OK), 0);
    arena_ok(arena, pma_pages_free(arena, page, 40));
    arena_ok(arena, pma_shrink(arena, 0, NULL));
    expect(page, 40, 50, 100);
    assert_int_equal(pma_copy(place->path, copy, NULL, NULL), 0);
    arena_close(arena);
    arena_check(place);
}

static void a_full_disk_keeps_no_arena_from_getting_shorter(void **state)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    unsigned char *page = fill_beyond_the_disk(arena, 100);
    uint64_t now = 0;

    assert_int_equal(pma_shrink(arena, 0, &now), -ENOSPC);
    assert_int_equal(now, 0);
    expect(page, 0, PAGES, 100);
    arena_ok(arena, pma_pages_free(arena, page, PAGES - 20));
    arena_ok(arena, pma_shrink(arena, 0, &now));
    assert_in_range(now, 22, 60);
    expect(page, PAGES - 20, PAGES, 100);
    arena = arena_reopen(*state, arena);
    expect(page, PAGES - 20, PAGES, 100);
    arena_close(arena);
    arena_check(*state);
}

static void creation_on_a_full_disk_leaves_nothing_behind(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = arena_small();
    struct pma_error error;
    char temporary[128];
    pma_t *arena;

    options.initial_blocks = 1000;
    assert_int_equal(pma_create(place->path, &options, &arena, &error), -ENOSPC);
    assert_non_null(strstr(error.text, "reserve 1000 blocks"));
    snprintf(temporary, sizeof(temporary), "%s.pma-new", place->path);
    assert_int_not_equal(access(temporary, F_OK), 0);
    assert_int_not_equal(access(place->path, F_OK), 0);
}

#define disk_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        disk_test(stores_go_on_and_the_next_call_says_that_the_disk_is_full),
        disk_test(what_was_kept_in_memory_is_saved_once_there_is_room),
        disk_test(an_arena_that_fills_its_disk_can_still_be_emptied),
        disk_test(room_for_a_snapshot_is_left_when_data_gets_no_more),
        disk_test(what_a_shrunken_file_gives_back_is_there_for_others),
        disk_test(a_full_disk_keeps_no_arena_from_getting_shorter),
        disk_test(creation_on_a_full_disk_leaves_nothing_behind),
    };
    void *state;

    if (setup(&state)) {
        fprintf(stderr, "skipped: mounting a tmpfs takes privileges\n");
        return CANNOT_MOUNT;
    }
    teardown(&state);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
