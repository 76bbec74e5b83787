/* SPDX-License-Identifier: MIT */
/* Leaving out of a list what a property does not need. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <faultsim/reduce.h>

enum { ALL = 100 };

/* A property that these members have together. */
struct needs {
    const size_t *members;
    size_t count;
    size_t trials, most_trials; /* 0 = as many as it takes */
};

static int has_them(void *context, const size_t *members, size_t count)
{
    struct needs *needs = context;
    size_t found = 0;
    if (needs->most_trials > 0 && needs->trials == needs->most_trials)
        return -ETIME;
    needs->trials++;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < needs->count; k++)
            found += members[i] == needs->members[k];
    return found == needs->count;
}

static int minimize(size_t list[ALL], size_t *count, struct needs *needs)
{
    for (size_t i = 0; i < ALL; i++)
        list[i] = i;
    *count = ALL;
    return fsim_minimize(list, count, has_them, needs);
}

static void only_what_is_needed_is_left(void **state)
{
    static const size_t needed[] = {3, 40, 41, 99};
    for (size_t count = 0; count <= 4; count++) {
        struct needs needs = {.members = needed, .count = count};
        size_t list[ALL], left;
        assert_int_equal(minimize(list, &left, &needs), 0);
        assert_int_equal(left, count);
        assert_memory_equal(list, needed, count * sizeof *list);
        assert_true(needs.trials < 130);
    }
}

static void all_may_be_needed(void **state)
{
    size_t all[ALL], list[ALL], left;
    for (size_t i = 0; i < ALL; i++)
        all[i] = i;
    struct needs needs = {.members = all, .count = ALL};
    assert_int_equal(minimize(list, &left, &needs), 0);
    assert_int_equal(left, ALL);
}

static void a_stop_leaves_a_list_that_has_it(void **state)
{
    static const size_t needed[] = {7, 77};
    for (size_t most = 1; most < 20; most++) {
        struct needs needs = {.members = needed, .count = 2, .most_trials = most};
        size_t list[ALL], left;
        int result = minimize(list, &left, &needs);
        assert_true(result == -ETIME || left == 2);
        needs.most_trials = 0;
        assert_int_equal(has_them(&needs, list, left), 1);
    }
}

static void an_empty_list_stays_empty(void **state)
{
    size_t nothing[1], count = 0;
    struct needs needs = {0};
    assert_int_equal(fsim_minimize(nothing, &count, has_them, &needs), 0);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_needed_is_left),
        cmocka_unit_test(all_may_be_needed),
        cmocka_unit_test(a_stop_leaves_a_list_that_has_it),
        cmocka_unit_test(an_empty_list_stays_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
