/* SPDX-License-Identifier: MIT */
/* Each verdict, brought about; and what is reported of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tiny_stores.h"

/* The first violation, as far as the tests ask. */
struct first {
    uint64_t by_verdict[FSIM_VERDICT_COUNT];
    struct fsim_outcome outcome;
    char finding[128];
    uint64_t evidence;
    size_t legal_count, items;
};

static void note(void *sink, const struct fsim_violation *violation)
{
    struct first *first = sink;
    if (first->by_verdict[violation->verdict]++ > 0)
        return;
    first->outcome = *violation->outcome;
    first->legal_count = violation->legal_count;
    first->items = violation->item_count;
    snprintf(first->finding, sizeof first->finding, "%s", violation->finding);
    if (violation->outcome->evidence_bytes == sizeof first->evidence)
        memcpy(&first->evidence, violation->evidence, sizeof first->evidence);
    for (size_t i = 0; i < violation->item_count; i++)
        assert_true(violation->candidates[i] >= 1);
}

static struct first first_of(struct fsim_subject subject)
{
    static struct first first;
    struct fsim_summary summary;
    struct fsim_options options = {
        .model = FSIM_POWER_LOSS, .time_limit_ms = 200, .sink = &first, .on_violation = note};
    memset(&first, 0, sizeof first);
    if (fsim_crash_test(&subject, &options, &summary) != 0)
        fail_msg("%s: %s", subject.name, summary.error);
    assert_int_equal(summary.images_twice, 0);
    return first;
}

/* Only this verdict was given, at least once. */
static void expect_only(const struct first *first, enum fsim_verdict verdict)
{
    for (int i = 0; i < FSIM_VERDICT_COUNT; i++) {
        if ((first->by_verdict[i] > 0) != (i == (int)verdict))
            fail_msg("verdict %s: %u", fsim_verdict_name((enum fsim_verdict)i),
                     (unsigned)first->by_verdict[i]);
    }
}

static struct first misbehaving(int recovery, enum fsim_verdict verdict)
{
    struct tiny tiny = {.recovery = recovery};
    struct first first = first_of(tiny_slots(&tiny));
    expect_only(&first, verdict);
    return first;
}

static void lost(void **state)
{
    struct tiny tiny = {.updates = 2, .skip_commit_sync = true};
    struct first first = first_of(tiny_slots(&tiny));
    expect_only(&first, FSIM_V_LOST);
    assert_int_equal(first.legal_count, 1);
    assert_true(first.items > 0);
}

static void mix(void **state)
{
    struct tiny tiny = {.skip_data_sync = true};
    struct first first = first_of(tiny_slots(&tiny));
    expect_only(&first, FSIM_V_MIX);
}

static void early(void **state)
{
    struct tiny tiny = {.begin_too_late = true};
    struct first first = first_of(tiny_slots(&tiny));
    expect_only(&first, FSIM_V_EARLY);
}

static void standby(void **state)
{
    misbehaving(STANDBY_GARBAGE, FSIM_V_STANDBY);
}

static void refused(void **state)
{
    misbehaving(REFUSES_ON_TWO, FSIM_V_REFUSED);
}

static void not_alive(void **state)
{
    misbehaving(NOT_ALIVE_ON_TWO, FSIM_V_NOT_ALIVE);
}

static void crashed(void **state)
{
    struct first first = misbehaving(CRASHES_ON_TWO, FSIM_V_CRASHED);
    assert_int_equal(first.outcome.status, FSIM_CRASHED);
    assert_int_equal(first.outcome.code, SIGABRT);
    assert_string_equal(first.outcome.message, "recovery was killed by signal 6 (Aborted)");
}

static void crashed_by_leaving(void **state)
{
    struct first first = misbehaving(EXITS_ON_TWO, FSIM_V_CRASHED);
    assert_string_equal(first.outcome.message, "recovery ended its process with status 7");
}

static void hung(void **state)
{
    struct first first = misbehaving(HANGS_ON_TWO, FSIM_V_HUNG);
    assert_string_equal(first.outcome.message, "recovery took longer than 200 ms");
}

static void unstable(void **state)
{
    misbehaving(FORGETFUL, FSIM_V_UNSTABLE);
}

static unsigned inspections;

static int two_is_unlucky(void *context, const void *evidence, size_t bytes, char *finding,
                          size_t finding_bytes)
{
    uint64_t number;
    inspections++;
    assert_int_equal(bytes, sizeof number);
    memcpy(&number, evidence, sizeof number);
    snprintf(finding, finding_bytes, "lucky-numbers: %u", (unsigned)number);
    return number == 2;
}

static void invariant(void **state)
{
    struct tiny tiny = {.recovery = EVIDENCE};
    struct fsim_subject subject = tiny_slots(&tiny);
    subject.inspect = two_is_unlucky;
    inspections = 0;
    struct first first = first_of(subject);
    expect_only(&first, FSIM_V_INVARIANT);
    assert_string_equal(first.finding, "lucky-numbers: 2");
    assert_int_equal(first.evidence, 2);
    assert_int_equal(inspections, 4); /* states 0 to 3: once for each evidence, not each path */
}

static void all_is_legal(void **state)
{
    struct tiny tiny = {0};
    struct first first = first_of(tiny_slots(&tiny));
    for (int i = 0; i < FSIM_VERDICT_COUNT; i++)
        assert_int_equal(first.by_verdict[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost),      cmocka_unit_test(mix),
        cmocka_unit_test(early),     cmocka_unit_test(standby),
        cmocka_unit_test(refused),   cmocka_unit_test(not_alive),
        cmocka_unit_test(crashed),   cmocka_unit_test(crashed_by_leaving),
        cmocka_unit_test(hung),      cmocka_unit_test(unstable),
        cmocka_unit_test(invariant), cmocka_unit_test(all_is_legal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
