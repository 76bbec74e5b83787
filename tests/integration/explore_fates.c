/* SPDX-License-Identifier: MIT */
/* What the explorer says that crash states did to each block, length and name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tiny_stores.h"

/* At how many crash points there was an item of which that was said. */
struct seen {
    struct fsim_summary summary;
    unsigned points, with_fates, open, looked_at, kept, lost, wrong;
    uint32_t last; /* all that was said at the last crash point, together */
};

static uint32_t said_of_any(const struct fsim_point_report *report)
{
    uint32_t what = 0;
    for (size_t i = 0; i < report->fate_count; i++)
        what |= report->fates[i].what;
    return what;
}

static bool is_wrong(const struct fsim_point_report *report)
{
    for (unsigned i = 0; i < FSIM_VERDICT_COUNT; i++)
        if (fsim_verdict_is_violation((enum fsim_verdict)i) && report->by_verdict[i] > 0)
            return true;
    return false;
}

static void on_point(void *sink, const struct fsim_point_report *report)
{
    struct seen *seen = sink;
    uint32_t what = said_of_any(report);
    if (report->depth > 1) {
        assert_null(report->fates);
        return;
    }
    seen->points++;
    seen->with_fates += report->fates != NULL;
    seen->open += (what & FSIM_FATE_OPEN) != 0;
    seen->looked_at += (what & FSIM_FATE_SEEN) != 0;
    seen->kept += (what & FSIM_FATE_KEPT) != 0;
    seen->lost += (what & FSIM_FATE_LOST) != 0;
    seen->wrong += is_wrong(report);
    seen->last = what;
    if (report->fates != NULL)
        assert_int_equal(report->states > 1, (what & FSIM_FATE_OPEN) != 0);
    if (!is_wrong(report))
        assert_int_equal(what & (FSIM_FATE_KEPT | FSIM_FATE_LOST), 0);
}

static struct seen explore(struct tiny *tiny, struct fsim_options options)
{
    struct seen seen = {0};
    struct fsim_subject subject = tiny_slots(tiny);
    options.model = FSIM_POWER_LOSS;
    options.sink = &seen;
    options.on_point = on_point;
    assert_int_equal(fsim_crash_test(&subject, &options, &seen.summary), 0);
    assert_int_equal(seen.points, seen.summary.crash_points);
    return seen;
}

static void nothing_is_said_unless_somebody_asks(void **state)
{
    struct seen seen = {0};
    struct tiny tiny = {0};
    struct fsim_subject subject = tiny_slots(&tiny);
    struct fsim_options options = {.model = FSIM_PROCESS_KILL, .sink = &seen, .on_point = on_point};
    assert_int_equal(fsim_crash_test(&subject, &options, &seen.summary), 0);
    assert_true(seen.points > 0);
    assert_int_equal(seen.with_fates, 0);
}

static void a_store_that_is_right_has_open_blocks_and_loses_none(void **state)
{
    struct tiny tiny = {0};
    struct seen seen = explore(&tiny, (struct fsim_options){.fates = true});
    assert_int_equal(seen.with_fates, seen.points);
    assert_true(seen.open > 0 && seen.open < seen.points);
    assert_true(seen.looked_at > 0);
    assert_int_equal(seen.kept + seen.lost, 0);
    assert_int_equal(seen.last & FSIM_FATE_OPEN, 0); /* all is synced in the end */
}

static void where_a_barrier_is_missing_one_block_is_kept_and_another_lost(void **state)
{
    struct tiny tiny = {.skip_data_sync = true};
    struct seen seen = explore(&tiny, (struct fsim_options){.fates = true});
    assert_true(seen.wrong > 0);
    assert_int_equal(seen.lost, seen.wrong);
    assert_int_equal(seen.kept, seen.wrong);
}

static void brute_force_finds_the_same_points(void **state)
{
    struct tiny tiny = {.skip_data_sync = true};
    struct seen lazy = explore(&tiny, (struct fsim_options){.fates = true});
    struct seen brute = explore(&tiny, (struct fsim_options){.fates = true, .search = FSIM_BRUTE});
    assert_int_equal(brute.wrong, lazy.wrong);
    assert_int_equal(brute.open, lazy.open);
    assert_int_equal(brute.lost, lazy.lost);
    assert_int_equal(brute.kept, lazy.kept);
}

static void of_crashes_inside_recovery_nothing_is_said(void **state)
{
    struct tiny tiny = {0};
    struct seen seen = explore(&tiny, (struct fsim_options){.fates = true, .depth = 2});
    assert_int_equal(seen.with_fates, seen.points);
    assert_true(seen.summary.nested[0].crash_points > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_said_unless_somebody_asks),
        cmocka_unit_test(a_store_that_is_right_has_open_blocks_and_loses_none),
        cmocka_unit_test(where_a_barrier_is_missing_one_block_is_kept_and_another_lost),
        cmocka_unit_test(brute_force_finds_the_same_points),
        cmocka_unit_test(of_crashes_inside_recovery_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
