/* SPDX-License-Identifier: MIT */
/* LMDB under the explorer, by the adapter of examples/stores: what LMDB calls safe must give no
 * violation, what it calls unsafe must give one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#ifdef HAVE_LMDB

#include <faultsim/store.h>

static void count_verdict(void *sink, const struct fsim_violation *violation)
{
    ((uint64_t *)sink)[violation->verdict]++;
}

static struct fsim_summary explore(const char *first, const char *second,
                                   uint64_t by_verdict[FSIM_VERDICT_COUNT])
{
    const char *settings[] = {first, second};
    char message[128];
    int count = first == NULL ? 0 : second == NULL ? 1 : 2;
    struct fsim_options options = {.model = FSIM_POWER_LOSS,
                                   .search = FSIM_COMPARE,
                                   .brute_limit = 512,
                                   .sink = by_verdict,
                                   .on_violation = count_verdict};
    struct fsim_summary summary;
    if (fsim_crash_test(fsim_store(count, settings, message, sizeof message), &options, &summary))
        fail_msg("%s", summary.error);
    assert_true(summary.complete);
    assert_int_equal(summary.disagreements, 0);
    return summary;
}

static void safe_settings_survive_every_crash(void **state)
{
    uint64_t seen[FSIM_VERDICT_COUNT] = {0};
    assert_int_equal(explore(NULL, NULL, seen).violations, 0);
    assert_int_equal(explore("writemap", NULL, seen).violations, 0);
}

static void an_unsynced_meta_page_loses_commits_but_mixes_none(void **state)
{
    uint64_t seen[FSIM_VERDICT_COUNT] = {0};
    struct fsim_summary summary = explore("nometasync", NULL, seen);
    assert_true(seen[FSIM_V_LOST] > 0);
    assert_int_equal(summary.violations, seen[FSIM_V_LOST]);
}

static void without_any_sync_commits_are_lost_and_mixed(void **state)
{
    const char *const also[] = {NULL, "writemap"};
    for (int i = 0; i < 2; i++) {
        uint64_t seen[FSIM_VERDICT_COUNT] = {0};
        explore("nosync", also[i], seen);
        assert_true(seen[FSIM_V_LOST] > 0);
        assert_true(seen[FSIM_V_MIX] > 0);
    }
}

static void a_setting_that_is_none_is_named(void **state)
{
    const char *settings[] = {"fast"};
    char message[128] = "";
    assert_null(fsim_store(1, settings, message, sizeof message));
    assert_string_equal(message, "no setting 'fast'; nosync, nometasync and writemap are");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(safe_settings_survive_every_crash),
        cmocka_unit_test(an_unsynced_meta_page_loses_commits_but_mixes_none),
        cmocka_unit_test(without_any_sync_commits_are_lost_and_mixed),
        cmocka_unit_test(a_setting_that_is_none_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    puts("skipped: built without liblmdb, whose crash states this test explores");
    return 77;
}

#endif
