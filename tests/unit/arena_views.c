/* SPDX-License-Identifier: MIT */
/* Views: how they are opened, what they show, and what is refused. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <fiu-control.h>
#include <pma/fault_points.h>

#include "fault_plan.h"
#include "view_scene.h"

static void expect_base_is_free(void)
{
    view_take_base();
    view_give_base();
}

static void a_view_shows_its_snapshot_while_the_writer_goes_on(void **state)
{
    pma_t *arena = view_arena_with(*state, 3), *shown = view_open(*state);

    for (uint64_t number = 4; number < 40; number++) {
        view_write(arena, number);
        view_expect(shown, 3);
    }
    arena_close(shown);
    shown = view_open(*state);
    view_expect(shown, 39);
    arena_close(arena);
    view_expect(shown, 39);
    arena_close(shown);
    arena_check(*state);
}

static void the_previous_snapshot_can_be_viewed(void **state)
{
    const struct arena_place *place = *state;
    pma_t *arena = view_arena_with(place, 5), *shown = view_open_previous(place);

    for (uint64_t number = 6; number < 10; number++) {
        view_write(arena, number);
        view_expect(shown, 4);
    }
    arena_close(shown);
    arena_close(arena);
}

static void a_reader_can_open_the_previous_snapshot(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena = view_arena_with(place, 5);

    arena_close(arena);
    options.previous = options.read_only = true;
    assert_int_equal(pma_open(place->path, &options, &arena, NULL), 0);
    view_expect(arena, 4);
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

    arena_close(view_arena_with(*state, 3));
    options.previous = true;
    expect_refusal(*state, false, &options, PMA_EARGUMENT,
                   "for writing at the previous snapshot: argument out of range");
}

static void a_young_arena_has_no_previous_snapshot(void **state)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena = view_arena_with(*state, 1);

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
    pma_t *arena = view_arena_with(*state, 3), *shown = view_open(*state);
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
    pma_t *arena = view_arena_with(*state, 3), *shown = view_open(*state);
    unsigned char *const page = pma_base(arena);
    const uint64_t reserved = arena_stat(arena).reserved_pages * PMA_PAGE_SIZE;

    assert_ptr_not_equal(pma_base(shown), page);
    assert_int_equal(arena_stat(shown).base, (uintptr_t)page);
    assert_ptr_equal(pma_view_ptr(shown, page + 5000), view_page(shown, 0) + 5000);
    assert_null(pma_view_ptr(shown, page - 1));
    assert_null(pma_view_ptr(shown, page + reserved));
    assert_ptr_equal(pma_view_ptr(arena, page - 1), page - 1);
    arena_close(arena);
    arena_close(shown);
    shown = view_open(*state);
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

    arena_close(view_arena_with(place, 3));
    snprintf(to, sizeof(to), "%s/copy.pma", place->directory);
    options.progress = expect_address_is_free;
    options.progress_context = &copied;
    assert_int_equal(pma_copy(place->path, to, &options, NULL), 0);
    assert_int_equal(copied, VIEW_PAGES);
}

static void damage_below_a_view_is_noticed(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_run run;
    pma_t *arena = view_arena_with(place, 3), *shown;
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
    pma_t *arena = view_arena_with(*state, 5), *shown;

    fail_snapshot(arena, "pma/sync/meta");
    fail_snapshot(arena, "pma/sync/meta");
    shown = view_open(*state);
    view_expect(shown, 5);
    options.previous = true;
    expect_refusal(*state, true, &options, -EAGAIN,
                   "a snapshot is being written over the previous one");
    arena_snapshot(arena, 5);
    arena_close(shown);
    shown = view_open(*state);
    assert_int_equal(arena_stat(shown).snapshot, 8);
    arena_close(shown);
    shown = view_open_previous(*state);
    view_expect(shown, 5);
    arena_close(shown);
    arena_close(arena);
}

/* That the lock of the writer is what hides it. */
static void an_attempt_that_is_not_hidden_is_seen(void **state)
{
    pma_t *arena = view_arena_with(*state, 5), *shown;

    fault_plan_arm("pma/view/hide", 1, true, PMA_FAULT_SKIP);
    fiu_enable("pma/sync/meta", 1, NULL, 0);
    assert_int_equal(pma_snapshot(arena, 77), -EIO);
    fiu_disable("pma/sync/meta");
    fault_plan_disarm();
    shown = view_open(*state);
    assert_int_equal(arena_stat(shown).event, 77);
    arena_close(shown);
    arena_close(arena);
}

static void an_attempt_that_cannot_be_hidden_is_not_begun(void **state)
{
    pma_t *arena = view_arena_with(*state, 5);

    fault_plan_arm("pma/view/hide", 1, false, ENOLCK);
    assert_int_equal(pma_snapshot(arena, 77), -ENOLCK);
    fault_plan_disarm();
    assert_non_null(strstr(pma_last_error(arena), "snapshot 6: keeping it from views"));
    arena = arena_reopen(*state, arena);
    view_expect(arena, 5);
    view_write(arena, 6);
    view_expect(arena, 6);
    arena_close(arena);
}

static void a_view_reads_a_deep_tree_while_the_writer_rebuilds_it(void **state)
{
    enum { DEEP = 120 };
    const struct pma_options options = arena_small();
    pma_t *arena = arena_create(*state, &options), *shown;
    size_t wrong = 0;

    /* Every other page, so that each is an extent: nodes of 4 entries make 4 levels. */
    for (size_t i = 0; i < DEEP; i++) {
        unsigned char *page = (unsigned char *)view_page(arena, 2 * i);

        arena_ok(arena, pma_pages_alloc_at(arena, page, 1, 0));
        arena_fill(page, 1000 + i);
    }
    arena_snapshot(arena, 1);
    shown = view_open(*state);
    for (size_t i = 0; i < DEEP; i++) {
        arena_ok(arena, pma_pages_free(arena, (void *)view_page(arena, 2 * i), 1));
        arena_snapshot(arena, 2 + i);
        wrong += arena_tag(view_page(shown, 2 * i)) != 1000 + i;
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
    pma_t *arena = view_arena_with(*state, 5), *shown;

    for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
        fault_plan_arm(points[i], 1, false, EIO);
        expect_refusal(*state, true, NULL, -EIO, "Input/output error");
        fault_plan_disarm();
    }
    for (uint64_t number = 6; number < 9; number++)
        view_write(arena, number);
    assert_int_equal(arena_stat(arena).view_blocks, 0); /* none of them left a pin */
    shown = view_open(*state);
    view_expect(shown, 8);
    arena_close(shown);
    arena_close(arena);
}

#define view_test(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, fault_plan_teardown)

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
        view_test(a_view_reads_a_deep_tree_while_the_writer_rebuilds_it),
        view_test(every_call_of_opening_a_view_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
