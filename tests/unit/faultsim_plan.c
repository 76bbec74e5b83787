/* SPDX-License-Identifier: MIT */
/* Fault plans: their text, and what code under libfiu sees of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIU_ENABLE
#include <fiu.h>

#include <faultsim/plan.h>

#include "recorded.h"

enum { SKIP = 1 << 16 };

static struct fsim_plan plan_of(const char *text)
{
    struct fsim_plan plan;
    char message[160] = "";

    if (fsim_plan_parse(text, NULL, &plan, message, sizeof(message)) != 0)
        fail_msg("%s: %s", text, message);
    return plan;
}

static void a_plan_names_points_hits_and_actions(void **state)
{
    struct fsim_plan plan = plan_of("pma/grow,pma/sync/*@3+:skip,pma/map@2:error:ENOSPC");

    assert_int_equal(plan.count, 3);
    assert_string_equal(plan.rules[0].point, "pma/grow");
    assert_int_equal(plan.rules[0].hit, 0);
    assert_int_equal(plan.rules[0].action, FSIM_ACTION_ERROR);
    assert_int_equal(plan.rules[0].error, 0);
    assert_string_equal(plan.rules[1].point, "pma/sync/*");
    assert_int_equal(plan.rules[1].hit, 3);
    assert_true(plan.rules[1].and_later);
    assert_int_equal(plan.rules[1].action, FSIM_ACTION_SKIP);
    assert_int_equal(plan.rules[2].hit, 2);
    assert_false(plan.rules[2].and_later);
    assert_int_equal(plan.rules[2].error, ENOSPC);
}

static void a_plan_survives_being_written_and_read(void **state)
{
    static const char *const plans[] = {
        "a:error",
        "a@1:error:EIO",
        "a@7+:skip",
        "a*:evict",
        "*:crash",
        "a:skip,b:crash",
        "a/b/c@18446744073709551615:error:EINTR,x*@2+:error",
    };
    char text[128];

    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        struct fsim_plan plan = plan_of(plans[i]);
        assert_int_equal(fsim_plan_format(&plan, text, sizeof(text)), strlen(plans[i]));
        assert_string_equal(text, plans[i]);
    }
}

static void a_plan_that_does_not_fit_is_cut_and_measured(void **state)
{
    struct fsim_plan plan = plan_of("a:skip,b:crash");
    char text[9];

    assert_int_equal(fsim_plan_format(&plan, text, sizeof(text)), strlen("a:skip,b:crash"));
    assert_string_equal(text, "a:skip,b");
    assert_int_equal(fsim_plan_format(&plan, NULL, 0), strlen("a:skip,b:crash"));
}

static const char *resolve(const char *point)
{
    if (strcmp(point, "short") == 0)
        return "pma/quite/long";
    return strncmp(point, "pma/", 4) == 0 ? point : NULL;
}

static void an_alias_becomes_the_points_name(void **state)
{
    struct fsim_plan plan;
    char message[160];

    assert_int_equal(
        fsim_plan_parse("short:skip,pma/grow,any*", resolve, &plan, message, sizeof(message)), 0);
    assert_string_equal(plan.rules[0].point, "pma/quite/long");
    assert_string_equal(plan.rules[1].point, "pma/grow");
    assert_string_equal(plan.rules[2].point, "any*");
}

static void a_bad_plan_is_told_where_and_why(void **state)
{
    static const struct {
        const char *text, *message;
    } plans[] = {
        {"", "character 1: a rule starts with the name of a fault point"},
        {"pma/a,", "character 7: a rule starts with the name of a fault point"},
        {"pma/a,,pma/b", "character 7: a rule starts with the name of a fault point"},
        {":skip", "character 1: a rule starts with the name of a fault point"},
        {"other", "character 1: there is no fault point 'other'"},
        {"pma/a,other:skip", "character 7: there is no fault point 'other'"},
        {"pma/*/a", "character 5: '*' stands for the rest of a name, it can only be last"},
        {"pma/a@", "character 7: after '@' comes the number of a hit, from 1"},
        {"pma/a@x", "character 7: after '@' comes the number of a hit, from 1"},
        {"pma/a@-1", "character 7: after '@' comes the number of a hit, from 1"},
        {"pma/a@0", "character 7: hits are counted from 1 to 18446744073709551615"},
        {"pma/a@99999999999999999999",
         "character 7: hits are counted from 1 to 18446744073709551615"},
        {"pma/a@1x", "character 8: expected '+', ':', ',' or the end after the number of a hit"},
        {"pma/a@1++", "character 9: expected '+', ':', ',' or the end after the number of a hit"},
        {"pma/a:explode", "character 7: 'explode' is no action; use error, error:ERRNO, skip, "
                          "short, evict or crash"},
        {"pma/a:",
         "character 7: '' is no action; use error, error:ERRNO, skip, short, evict or crash"},
        {"pma/a:error:EFOO", "character 13: 'EFOO' is no error code; EIO, ENOSPC, ENOMEM are"},
        {"pma/a:error:", "character 13: '' is no error code; EIO, ENOSPC, ENOMEM are"},
        {"pma/a:skip:EIO", "character 11: only 'error' takes an error code"},
        {"pma/a:error:EIO:EIO", "character 16: expected ',' and another rule, or the end"},
        {"pma/a:skip@3", "character 11: expected ',' and another rule, or the end"},
        {"pma/0123456789012345678901234567890123456789012345678901234567890123456789",
         "character 1: the name of a fault point has at most 63 characters"},
        {"pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/,pma/",
         "character 81: a plan has at most 16 rules"},
    };

    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        struct fsim_plan plan = {.count = 77};
        char message[160] = "", expected[160];

        snprintf(expected, sizeof(expected), "fault plan, %s", plans[i].message);
        assert_int_equal(fsim_plan_parse(plans[i].text, resolve, &plan, message, sizeof(message)),
                         -EINVAL);
        assert_string_equal(message, expected);
        assert_int_equal(plan.count, 77);
    }
}

static void arm(const char *text)
{
    struct fsim_plan plan = text ? plan_of(text) : (struct fsim_plan){0};

    assert_int_equal(fsim_plan_arm(text ? &plan : NULL, SKIP), 0);
}

static void no_plan_never_fails(void **state)
{
    arm(NULL);
    for (int i = 0; i < 5; i++)
        assert_int_equal(fiu_fail("a"), 0);
    assert_int_equal(fsim_plan_fired(), 0);
    fsim_plan_disarm();
}

static void the_nth_hit_fails_once(void **state)
{
    arm("a@3:error:ENOSPC");
    for (int hit = 1; hit <= 5; hit++) {
        assert_int_equal(fiu_fail("b"), 0);
        assert_int_equal(fiu_fail("a"), hit == 3);
        if (hit == 3)
            assert_ptr_equal(fiu_failinfo(), (void *)ENOSPC);
    }
    assert_int_equal(fsim_plan_fired(), 1);
    fsim_plan_disarm();
}

static void later_hits_fail_if_the_plan_says_so(void **state)
{
    arm("a@3+");
    for (int hit = 1; hit <= 5; hit++)
        assert_int_equal(fiu_fail("a"), hit >= 3);
    assert_ptr_equal(fiu_failinfo(), NULL);
    assert_int_equal(fsim_plan_fired(), 3);
    fsim_plan_disarm();
}

static void a_wildcard_counts_what_it_matches(void **state)
{
    arm("pma/*@2:skip");
    assert_int_equal(fiu_fail("pma/a"), 0);
    assert_int_equal(fiu_fail("other"), 0);
    assert_int_equal(fiu_fail("pma/b"), 1);
    assert_ptr_equal(fiu_failinfo(), (void *)SKIP);
    assert_int_equal(fiu_fail("pma/b"), 0);
    fsim_plan_disarm();
}

static void the_first_rule_that_wants_a_hit_has_it(void **state)
{
    arm("a@2:error:EIO,a:skip");
    assert_int_equal(fiu_fail("a"), 1);
    assert_ptr_equal(fiu_failinfo(), (void *)SKIP);
    assert_int_equal(fiu_fail("a"), 1);
    assert_ptr_equal(fiu_failinfo(), (void *)EIO);
    fsim_plan_disarm();
}

static void evictions_do_not_fail(void **state)
{
    arm("a:evict");
    assert_int_equal(fiu_fail("a"), 0);
    assert_int_equal(fsim_plan_fired(), 1);
    fsim_plan_disarm();
}

static void a_crash_ends_the_process(void **state)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        arm("a@2:crash");
        fiu_fail("a");
        fiu_fail("a");
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), FSIM_CRASH_EXIT);
}

static void disarmed_points_pass(void **state)
{
    arm("a");
    fsim_plan_disarm();
    assert_int_equal(fiu_fail("a"), 0);
    fsim_plan_disarm();
}

static void one_plan_is_armed_at_a_time(void **state)
{
    arm("a");
    assert_int_equal(fsim_plan_arm(NULL, SKIP), -EBUSY);
    fsim_plan_disarm();
    arm(NULL);
    fsim_plan_disarm();
}

static void pushed_rules_count_from_the_push(void **state)
{
    struct fsim_plan extra = plan_of("a@2:error:EIO");

    assert_int_equal(fsim_plan_push(&extra), -EINVAL);
    arm("b");
    fiu_fail("a");
    assert_int_equal(fsim_plan_push(&extra), 0);
    assert_int_equal(fsim_plan_push(&extra), -EBUSY);
    assert_int_equal(fiu_fail("a"), 0);
    assert_int_equal(fiu_fail("b"), 1);
    assert_int_equal(fiu_fail("a"), 1);
    fsim_plan_pop();
    assert_int_equal(fiu_fail("a"), 0);
    assert_int_equal(fsim_plan_fired(), 1);
    assert_int_equal(fsim_plan_push(&extra), 0);
    fsim_plan_disarm();
    arm(NULL);
    assert_int_equal(fsim_plan_push(&extra), 0);
    fsim_plan_disarm();
}

static void hits_are_in_the_trace(void **state)
{
    struct recorded *r = *state;

    arm("a@2:error:EIO,b:skip");
    fiu_fail("a");
    fiu_fail("a");
    fiu_fail("b");
    fsim_plan_disarm();
    fiu_fail("a");
    expect_events(r, "fault point a, hit 1", "fault point a, hit 2, fails by plan",
                  "fault point b, hit 1, skipped by plan", NULL);
    arm(NULL);
    fiu_fail("a");
    fsim_plan_disarm();
    expect_events(r, "fault point a, hit 1", NULL);
}

static void a_hit_takes_the_stores_before_it(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "file", 1, &fd);

    skip_events(r);
    arm("a:evict");
    page[0] = 'x';
    fiu_fail("a");
    fsim_plan_disarm();
    expect_events(r, "write file block 0", "fault point a, hit 1, dirty pages written back by plan",
                  NULL);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_names_points_hits_and_actions),
        cmocka_unit_test(a_plan_survives_being_written_and_read),
        cmocka_unit_test(a_plan_that_does_not_fit_is_cut_and_measured),
        cmocka_unit_test(an_alias_becomes_the_points_name),
        cmocka_unit_test(a_bad_plan_is_told_where_and_why),
        cmocka_unit_test(no_plan_never_fails),
        cmocka_unit_test(the_nth_hit_fails_once),
        cmocka_unit_test(later_hits_fail_if_the_plan_says_so),
        cmocka_unit_test(a_wildcard_counts_what_it_matches),
        cmocka_unit_test(the_first_rule_that_wants_a_hit_has_it),
        cmocka_unit_test(evictions_do_not_fail),
        cmocka_unit_test(a_crash_ends_the_process),
        cmocka_unit_test(disarmed_points_pass),
        cmocka_unit_test(one_plan_is_armed_at_a_time),
        cmocka_unit_test(pushed_rules_count_from_the_push),
        cmocka_unit_test_setup_teardown(hits_are_in_the_trace, recorded_setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(a_hit_takes_the_stores_before_it, recorded_setup,
                                        recorded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
