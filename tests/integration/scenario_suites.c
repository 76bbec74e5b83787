/* SPDX-License-Identifier: MIT */
/* The suites of the house on the real arena: clean as it is, caught without a barrier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pma/fault_points.h>

#include "house_suites.h"
#include "subject.h"
#include "words.h"

/* What a test wants to know of one exploration. */
struct found {
    struct subject *subject;
    struct fsim_summary summary;
    uint64_t by_verdict[FSIM_VERDICT_COUNT];
    char broken_rule[256];        /* of subject_check_trace */
    char *timeline, *explanation; /* of the first violation of the wanted verdict */
    int wanted;                   /* a verdict, or -1 for any */
    bool fired;                   /* a rule of the plan came into force */
};

static bool on_trace(void *sink, const fsim_trace_t *trace, const struct fsim_crash_point *points,
                     size_t count)
{
    struct found *found = sink;

    for (size_t i = 0; i < fsim_trace_events(trace); i++)
        found->fired |= fsim_trace_event(trace, i)->kind == FSIM_EV_POINT &&
                        fsim_trace_event(trace, i)->value != FSIM_ACTION_NONE;
    assert_true(subject_check_trace(found->subject, trace, found->broken_rule,
                                    sizeof found->broken_rule) >= 0);
    return true;
}

static void on_violation(void *sink, const struct fsim_violation *violation)
{
    struct found *found = sink;

    found->by_verdict[violation->verdict]++;
    if (found->timeline != NULL ||
        (found->wanted >= 0 && violation->verdict != (enum fsim_verdict)found->wanted))
        return;
    found->timeline = subject_timeline(found->subject, violation, NULL);
    found->explanation = subject_explain(found->subject, violation, NULL);
}

static void explore(const char *name, const char *faults, int wanted, struct found *found)
{
    const struct scenario *scenario = house_scenario(name);
    const struct subject_options options = {.oracle = house_oracle,
                                            .copying = scenario->has_copying ? scenario->copying
                                                                             : PMA_COPY_EAGER};
    struct fsim_plan plan = {0};
    struct fsim_options explore = {.model = FSIM_POWER_LOSS,
                                   .plan = &plan,
                                   .skip_code = PMA_FAULT_SKIP,
                                   .sink = found,
                                   .on_trace = on_trace,
                                   .on_violation = on_violation};
    char message[256];
    int error;

    *found = (struct found){.wanted = wanted};
    if (faults != NULL &&
        fsim_plan_parse(faults, words_fault_point, &plan, message, sizeof message) != 0)
        fail_msg("%s", message);
    assert_int_equal(subject_new(scenario, &options, &found->subject), 0);
    error = fsim_crash_test(subject_faultsim(found->subject), &explore, &found->summary);
    if (error != 0)
        fail_msg("%s with '%s': %s; %s", name, faults != NULL ? faults : "", found->summary.error,
                 subject_failure(found->subject));
}

static void release(struct found *found)
{
    subject_free(found->subject);
    free(found->timeline);
    free(found->explanation);
}

/* ---- as it is ---- */

/* With eager copying, which every kernel can; integration/baseline-holds plays the other half. */
static void every_scenario_is_covered_completely_and_clean(void **state)
{
    for (size_t i = 0; i < suite_count(house_suites); i++) {
        const struct scenario *scenario = suite_scenario(house_suites, i);
        const char *name = scenario->name;
        struct found found;

        if (scenario->has_copying && scenario->copying != PMA_COPY_EAGER)
            continue;
        explore(name, NULL, -1, &found);
        if (found.summary.violations != 0)
            fail_msg("%s: %s\n%s", name, found.timeline, found.explanation);
        if (found.broken_rule[0] != '\0')
            fail_msg("%s: %s", name, found.broken_rule);
        assert_true(found.summary.complete);
        assert_true(found.summary.crash_points > 0);
        assert_int_equal(found.summary.images_twice, 0);
        release(&found);
    }
}

/* ---- without a barrier ---- */

static void a_skipped_barrier_is_caught(const char *name, const char *point,
                                        enum fsim_verdict verdict)
{
    struct found found;
    char faults[64];

    snprintf(faults, sizeof faults, "%s:skip", point);
    explore(name, faults, (int)verdict, &found);
    if (found.by_verdict[verdict] == 0)
        fail_msg("'%s' without %s: no violation of the kind '%s'", name, point,
                 fsim_verdict_name(verdict));
    release(&found);
}

static void an_arena_that_is_named_before_it_is_synced_is_caught(void **state)
{
    a_skipped_barrier_is_caught("create", "pma/create/sync", FSIM_V_REFUSED);
}

static void a_name_that_is_not_synced_is_caught(void **state)
{
    a_skipped_barrier_is_caught("create", "pma/sync/parent", FSIM_V_LOST);
}

static void an_open_that_returns_what_may_vanish_is_caught(void **state)
{
    a_skipped_barrier_is_caught("failed-meta-sync-and-kill", "pma/recover/sync", FSIM_V_LOST);
    a_skipped_barrier_is_caught("snapshot-cut-short", "pma/recover/sync", FSIM_V_LOST);
}

static void an_open_whose_name_may_vanish_is_caught(void **state)
{
    a_skipped_barrier_is_caught("create-cut-short", "pma/recover/sync-parent", FSIM_V_LOST);
}

static void a_meta_page_that_overtakes_its_blocks_is_caught(void **state)
{
    a_skipped_barrier_is_caught("partial-free", "pma/sync/blocks", FSIM_V_REFUSED);
    a_skipped_barrier_is_caught("partial-free", "pma/sync/blocks", FSIM_V_MIX);
}

static void a_snapshot_that_is_promised_too_early_is_caught(void **state)
{
    a_skipped_barrier_is_caught("first-snapshot", "pma/sync/meta", FSIM_V_LOST);
    a_skipped_barrier_is_caught("roots-and-events", "pma/sync/meta", FSIM_V_LOST);
}

/* ---- errors ---- */

/* Every hit of a point fails in turn, until a run passes without one. The scenario has no faults of
 * its own. */
static void fail_every_hit(const char *name, const char *point)
{
    bool fired = true;

    for (unsigned hit = 1; fired; hit++) {
        struct found found;
        char faults[96];

        snprintf(faults, sizeof faults, "%s@%u:error", point, hit);
        explore(name, faults, -1, &found);
        if (found.summary.violations != 0)
            fail_msg("%s with '%s': %s\n%s", name, faults, found.timeline, found.explanation);
        assert_true(found.summary.complete);
        fired = found.fired;
        release(&found);
    }
}

static void no_error_loses_what_was_acknowledged(void **state)
{
    static const char *const points[] = {
#define POINT_NAME(id, name, class, error, help) name,
        PMA_FAULT_POINTS(POINT_NAME)
#undef POINT_NAME
    };

    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
        /* A store that finds neither block nor memory has no way to fail but the signal. */
        if (strcmp(points[i], "pma/cow/private") != 0)
            fail_every_hit("move-after-commit", points[i]);
}

/* ---- in words ---- */

static void expect_text(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void expect_narrow(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        if (length > 78)
            fail_msg("wider than 78 columns: %.*s", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void a_mix_is_told_page_by_page_and_block_by_block(void **state)
{
    struct found found;

    explore("partial-free", "pma/sync/blocks:skip", FSIM_V_MIX, &found);
    expect_text(found.timeline, "step 2: write a");
    expect_text(found.timeline, "pma/sync/blocks is left out by plan, and success claimed");
    expect_text(found.timeline, ">>> power fails");
    expect_text(found.explanation, "The arena came back in a state that never was.");
    expect_text(found.explanation, "should hold what step 2 wrote; it holds zeros");
    expect_text(found.explanation, "  Lost: block");
    expect_text(found.explanation, "(data of page");
    expect_text(found.explanation, "no sync of it had");
    expect_text(found.explanation, "  Kept: block 1 (meta page of snapshot 2)");
    expect_narrow(found.timeline);
    expect_narrow(found.explanation);
    release(&found);
}

static void lost_work_is_told_with_what_was_promised(void **state)
{
    struct found found;

    explore("first-snapshot", "pma/sync/meta:skip", FSIM_V_LOST, &found);
    expect_text(found.timeline, "==> success reported: snapshot 2 (event 1)");
    expect_text(found.explanation,
                "Success had been reported for snapshot 2 (event 1), in step 4.");
    expect_text(found.explanation, "The arena came back as the new arena, made in step 1.");
    expect_text(found.explanation, "Page 0, which should hold what step 3 wrote, is missing.");
    expect_text(found.explanation, "  Lost: block 1 (meta page of snapshot 2)");
    release(&found);
}

static void a_lost_name_is_told(void **state)
{
    struct found found;

    explore("create", "pma/sync/parent:skip", FSIM_V_LOST, &found);
    expect_text(found.timeline, "there is no arena yet");
    expect_text(found.explanation, "After the crash there was no arena at all.");
    expect_text(found.explanation, "  Lost: the name arena.pma, changed by `rename` in step 1");
    release(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_is_covered_completely_and_clean),
        cmocka_unit_test(an_arena_that_is_named_before_it_is_synced_is_caught),
        cmocka_unit_test(a_name_that_is_not_synced_is_caught),
        cmocka_unit_test(an_open_that_returns_what_may_vanish_is_caught),
        cmocka_unit_test(an_open_whose_name_may_vanish_is_caught),
        cmocka_unit_test(a_meta_page_that_overtakes_its_blocks_is_caught),
        cmocka_unit_test(a_snapshot_that_is_promised_too_early_is_caught),
        cmocka_unit_test(no_error_loses_what_was_acknowledged),
        cmocka_unit_test(a_mix_is_told_page_by_page_and_block_by_block),
        cmocka_unit_test(lost_work_is_told_with_what_was_promised),
        cmocka_unit_test(a_lost_name_is_told),
    };

    return cmocka_run_group_tests(tests, house_suites_load, house_suites_unload);
}
