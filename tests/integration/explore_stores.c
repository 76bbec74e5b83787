/* SPDX-License-Identifier: MIT */
/* Small stores, right and wrong, explored completely: what holds, what breaks, and that the tree
 * and brute force agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tiny_stores.h"

/* What the explorer said of a store. */
struct seen {
    struct fsim_summary summary;
    uint64_t by_verdict[FSIM_VERDICT_COUNT]; /* of violations */
    uint64_t most_states;                    /* of a crash point */
    double covered, states;
    uint64_t points_with_gaps;
};

static void see_point(void *sink, const struct fsim_point_report *report)
{
    struct seen *seen = sink;
    seen->points_with_gaps += !report->complete;
    if (report->states > seen->most_states)
        seen->most_states = report->states;
    assert_true(!report->complete || report->covered == (double)report->states);
    uint64_t judged = 0;
    for (int i = 0; i < FSIM_VERDICT_COUNT; i++)
        judged += report->by_verdict[i];
    assert_int_equal(judged, report->paths);
}

static void see_violation(void *sink, const struct fsim_violation *violation)
{
    struct seen *seen = sink;
    seen->by_verdict[violation->verdict]++;
}

static struct seen explore(struct fsim_subject subject, enum fsim_model model,
                           enum fsim_search search)
{
    static struct seen seen; /* cmocka's asserts must not leave it half-written on a dead stack */
    memset(&seen, 0, sizeof seen);
    struct fsim_options options = {
        .model = model,
        .search = search,
        .brute_limit = 256,
        .sink = &seen,
        .on_point = see_point,
        .on_violation = see_violation,
    };
    int error = fsim_crash_test(&subject, &options, &seen.summary);
    if (error != 0)
        fail_msg("%s: %s", subject.name, seen.summary.error);
    assert_int_equal(seen.summary.images_twice, 0);
    return seen;
}

static void expect_sound(struct seen seen)
{
    assert_int_equal(seen.summary.violations, 0);
    assert_true(seen.summary.complete);
    assert_int_equal(seen.points_with_gaps, 0);
    assert_true(seen.summary.covered == seen.summary.states);
}

typedef struct fsim_subject make_subject(struct tiny *tiny);
static make_subject *const sound_stores[] = {tiny_slots, tiny_mapped, tiny_renamed, tiny_log,
                                             tiny_wide};
static make_subject *const all_stores[] = {tiny_slots,    tiny_mapped, tiny_renamed,
                                           tiny_in_place, tiny_log,    tiny_wide};
enum {
    SOUND = sizeof sound_stores / sizeof *sound_stores,
    ALL = sizeof all_stores / sizeof *all_stores,
};

static void stores_that_are_right_lose_nothing_to_a_power_cut(void **state)
{
    for (int i = 0; i < SOUND; i++)
        expect_sound(explore(sound_stores[i](&(struct tiny){0}), FSIM_POWER_LOSS, FSIM_LAZY));
}

static void a_killed_process_needs_no_sync(void **state)
{
    struct tiny careless = {.skip_data_sync = true, .skip_commit_sync = true};
    expect_sound(explore(tiny_slots(&careless), FSIM_PROCESS_KILL, FSIM_LAZY));
    expect_sound(explore(tiny_renamed(&careless), FSIM_PROCESS_KILL, FSIM_LAZY));
}

static void a_killed_process_can_be_caught_between_two_writes_in_place(void **state)
{
    struct seen seen = explore(tiny_in_place(&(struct tiny){0}), FSIM_PROCESS_KILL, FSIM_LAZY);
    assert_true(seen.by_verdict[FSIM_V_MIX] > 0);
}

static void without_the_barrier_a_slot_may_name_a_payload_that_is_not_there(void **state)
{
    struct tiny careless = {.skip_data_sync = true};
    struct seen seen = explore(tiny_slots(&careless), FSIM_POWER_LOSS, FSIM_LAZY);
    assert_true(seen.by_verdict[FSIM_V_MIX] > 0);
    assert_int_equal(seen.by_verdict[FSIM_V_LOST], 0);
}

static void without_the_last_sync_what_was_acknowledged_may_be_gone(void **state)
{
    struct tiny careless = {.updates = 2, .skip_commit_sync = true};
    struct seen seen = explore(tiny_slots(&careless), FSIM_POWER_LOSS, FSIM_LAZY);
    assert_true(seen.by_verdict[FSIM_V_LOST] > 0);
    assert_int_equal(seen.by_verdict[FSIM_V_MIX], 0);
}

static void an_update_in_place_may_be_half_there(void **state)
{
    struct seen seen = explore(tiny_in_place(&(struct tiny){0}), FSIM_POWER_LOSS, FSIM_LAZY);
    assert_true(seen.by_verdict[FSIM_V_MIX] > 0);
    assert_int_equal(seen.by_verdict[FSIM_V_LOST], 0);
    assert_true(seen.summary.complete);
}

static void a_store_to_a_mapping_is_lost_without_msync(void **state)
{
    struct tiny careless = {.skip_commit_sync = true};
    struct seen seen = explore(tiny_mapped(&careless), FSIM_POWER_LOSS, FSIM_LAZY);
    assert_true(seen.by_verdict[FSIM_V_LOST] > 0);
}

static void a_rename_is_lost_without_a_sync_of_the_directory(void **state)
{
    struct tiny careless = {.skip_commit_sync = true};
    struct seen seen = explore(tiny_renamed(&careless), FSIM_POWER_LOSS, FSIM_LAZY);
    assert_true(seen.by_verdict[FSIM_V_LOST] > 0);
}

static void a_renamed_file_that_was_not_synced_may_be_empty(void **state)
{
    struct tiny careless = {.skip_data_sync = true};
    struct seen seen = explore(tiny_renamed(&careless), FSIM_POWER_LOSS, FSIM_LAZY);
    assert_true(seen.by_verdict[FSIM_V_MIX] > 0);
}

static void a_file_may_be_shorter_than_what_was_appended(void **state)
{
    struct tiny careless = {.skip_data_sync = true};
    struct seen seen = explore(tiny_log(&careless), FSIM_POWER_LOSS, FSIM_LAZY);
    assert_true(seen.by_verdict[FSIM_V_LOST] > 0);
}

static void forty_open_pages_that_nobody_reads_cost_nothing(void **state)
{
    struct seen seen = explore(tiny_wide(&(struct tiny){.updates = 5}), FSIM_POWER_LOSS, FSIM_LAZY);
    expect_sound(seen);
    assert_true(seen.most_states >= (UINT64_C(1) << TINY_WIDE_PAGES));
    assert_true(seen.summary.recoveries <= 16);
}

static void the_tree_and_brute_force_agree_on_every_state(void **state)
{
    const struct tiny variants[] = {
        {0},
        {.skip_data_sync = true},
        {.skip_commit_sync = true},
        {.begin_too_late = true},
        {.recovery = CRASHES_ON_TWO},
        {.recovery = REFUSES_ON_TWO},
        {.recovery = WRITES},
        {.recovery = LEAKS},
    };
    for (int i = 0; i < ALL; i++) {
        for (size_t k = 0; k < sizeof variants / sizeof *variants; k++) {
            struct tiny tiny = variants[k];
            struct fsim_subject subject = all_stores[i](&tiny);
            struct seen seen;
            if (subject.record == tiny_wide(&tiny).record && tiny.skip_data_sync)
                continue; /* reads its forty open pages: 2^40 paths that no search can walk */
            seen = explore(subject, FSIM_POWER_LOSS, FSIM_COMPARE);
            if (seen.summary.disagreements != 0)
                fail_msg("%s, variant %zu: %s", subject.name, k, seen.summary.error);
            assert_true(seen.summary.compared_states > 0);
            assert_true(seen.summary.recoveries <= seen.summary.brute_recoveries);
        }
    }
}

static void two_explorations_are_the_same(void **state)
{
    for (int i = 0; i < ALL; i++) {
        struct tiny tiny = {.recovery = CRASHES_ON_TWO};
        struct seen one = explore(all_stores[i](&tiny), FSIM_POWER_LOSS, FSIM_LAZY);
        struct seen two = explore(all_stores[i](&tiny), FSIM_POWER_LOSS, FSIM_LAZY);
        assert_int_equal(one.summary.crash_points, two.summary.crash_points);
        assert_int_equal(one.summary.paths, two.summary.paths);
        assert_int_equal(one.summary.recoveries, two.summary.recoveries);
        assert_int_equal(one.summary.violations, two.summary.violations);
        assert_memory_equal(one.by_verdict, two.by_verdict, sizeof one.by_verdict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stores_that_are_right_lose_nothing_to_a_power_cut),
        cmocka_unit_test(a_killed_process_needs_no_sync),
        cmocka_unit_test(a_killed_process_can_be_caught_between_two_writes_in_place),
        cmocka_unit_test(without_the_barrier_a_slot_may_name_a_payload_that_is_not_there),
        cmocka_unit_test(without_the_last_sync_what_was_acknowledged_may_be_gone),
        cmocka_unit_test(an_update_in_place_may_be_half_there),
        cmocka_unit_test(a_store_to_a_mapping_is_lost_without_msync),
        cmocka_unit_test(a_rename_is_lost_without_a_sync_of_the_directory),
        cmocka_unit_test(a_renamed_file_that_was_not_synced_may_be_empty),
        cmocka_unit_test(a_file_may_be_shorter_than_what_was_appended),
        cmocka_unit_test(forty_open_pages_that_nobody_reads_cost_nothing),
        cmocka_unit_test(the_tree_and_brute_force_agree_on_every_state),
        cmocka_unit_test(two_explorations_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
