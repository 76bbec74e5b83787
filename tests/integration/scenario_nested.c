/* SPDX-License-Identifier: MIT */
/* Crashes inside the recoveries of the real arena: nothing as it is, caught without a barrier
 * there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <pma/fault_points.h>

#include "house_suites.h"
#include "subject.h"
#include "words.h"

/* An exploration, and its first violation in words. */
struct found {
    struct subject *subject;
    struct fsim_summary summary;
    uint64_t lost, others;
    char *timeline, *explanation;
};

static void on_violation(void *sink, const struct fsim_violation *violation)
{
    struct found *found = sink;

    if (violation->verdict == FSIM_V_LOST)
        found->lost++;
    else
        found->others++;
    if (found->timeline != NULL || violation->earlier_count == 0)
        return;
    found->timeline = subject_timeline(found->subject, violation, NULL);
    found->explanation = subject_explain(found->subject, violation, NULL);
}

/* The subject's own going on, with a barrier of the library left out. */
struct sabotage {
    const struct fsim_subject *subject;
    struct fsim_plan plan;
};
static struct sabotage sabotage;

static int resume_sabotaged(void *context, const char *directory)
{
    int error = fsim_plan_push(&sabotage.plan);

    if (error == 0)
        error = sabotage.subject->resume(context, directory);
    fsim_plan_pop();
    return error;
}

static struct found explore(const char *name, uint32_t depth, const char *skipped)
{
    static struct found found;
    const struct subject_options subject_options = {.oracle = house_oracle};
    const struct fsim_options options = {.model = FSIM_POWER_LOSS,
                                         .depth = depth,
                                         .skip_code = PMA_FAULT_SKIP,
                                         .sink = &found,
                                         .on_violation = on_violation};
    struct fsim_subject subject;
    char message[256];

    memset(&found, 0, sizeof found);
    assert_int_equal(subject_new(house_scenario(name), &subject_options, &found.subject), 0);
    subject = *subject_faultsim(found.subject);
    if (skipped != NULL) {
        sabotage.subject = subject_faultsim(found.subject);
        assert_int_equal(
            fsim_plan_parse(skipped, words_fault_point, &sabotage.plan, message, sizeof message),
            0);
        subject.resume = resume_sabotaged;
    }
    if (fsim_crash_test(&subject, &options, &found.summary) != 0)
        fail_msg("%s: %s; %s", name, found.summary.error, subject_failure(found.subject));
    assert_int_equal(found.summary.images_twice, 0);
    return found;
}

static void release(struct found *found)
{
    subject_free(found->subject);
    free(found->timeline);
    free(found->explanation);
}

static void a_second_crash_takes_nothing(void **state)
{
    static const char *const names[] = {"create", "first-snapshot"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct found found = explore(names[i], 2, NULL);

        assert_int_equal(found.summary.violations, 0);
        assert_true(found.summary.complete);
        assert_true(found.summary.nested[0].kills > 0);
        release(&found);
    }
}

static void nor_does_a_third_one_while_the_arena_is_made(void **state)
{
    struct found found = explore("create", 3, NULL);

    assert_int_equal(found.summary.violations, 0);
    assert_true(found.summary.complete);
    assert_true(found.summary.nested[1].crash_points > found.summary.nested[0].crash_points);
    release(&found);
}

static void what_opening_returns_must_be_durable(void **state)
{
    struct found found = explore("first-snapshot", 2, "pma/recover/sync:skip");

    assert_true(found.lost > 0);
    assert_int_equal(found.summary.nested[0].violations, found.summary.violations);
    assert_non_null(strstr(found.timeline, ">>> the process dies"));
    assert_non_null(strstr(found.timeline, "step 1: open what the crash left"));
    assert_non_null(strstr(found.timeline, "pma/recover/sync is left out by plan"));
    assert_non_null(strstr(found.timeline, ">>> power fails"));
    assert_non_null(
        strstr(found.explanation, "Success had been reported for snapshot 2 (event 1)"));
    release(&found);
}

static void an_arena_made_again_needs_its_barrier_too(void **state)
{
    struct found found = explore("create", 2, "pma/create/sync:skip");

    assert_true(found.lost + found.others > 0);
    release(&found);
}

static void so_does_the_first_snapshot_after_a_crash(void **state)
{
    struct found found = explore("first-snapshot", 2, "pma/sync/blocks:skip");

    assert_true(found.others > 0);
    release(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_crash_takes_nothing),
        cmocka_unit_test(nor_does_a_third_one_while_the_arena_is_made),
        cmocka_unit_test(what_opening_returns_must_be_durable),
        cmocka_unit_test(an_arena_made_again_needs_its_barrier_too),
        cmocka_unit_test(so_does_the_first_snapshot_after_a_crash),
    };
    return cmocka_run_group_tests(tests, house_suites_load, house_suites_unload);
}
