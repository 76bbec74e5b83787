/* SPDX-License-Identifier: MIT */
/* Maps of plays, and rows as the report reads them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/results_scratch.h"

struct seen {
    size_t rows, columns;
    char text[256];
};

static void see(void *context, const char *const *values, size_t count)
{
    struct seen *seen = context;

    seen->rows++;
    seen->columns = count;
    for (size_t i = 0; i < count; i++) {
        strcat(seen->text, values[i] != NULL ? values[i] : "NULL");
        strcat(seen->text, i + 1 < count ? "," : ";");
    }
}

static void a_map_comes_back_as_it_was(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t scenario = scratch_scenario(results, scratch_run(results), "one");
    char *text = NULL;

    assert_int_equal(results_map_add(results, scenario, "{\"rows\": []}"), 0);
    assert_int_equal(results_map_get(results, scenario, &text), 0);
    assert_string_equal(text, "{\"rows\": []}");
    free(text);
    results_close(results);
}

static void a_scenario_without_a_map_has_none(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t scenario = scratch_scenario(results, scratch_run(results), "one");
    char *text = NULL;

    assert_int_equal(results_map_get(results, scenario, &text), RESULTS_ENOROW);
    assert_null(text);
    assert_non_null(strstr(results_error(results), "has no map"));
    assert_int_equal(results_map_add(results, scenario + 1, "{}"), RESULTS_ENOROW);
    results_close(results);
}

static void a_map_goes_with_its_scenario(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t run = scratch_run(results), scenario = scratch_scenario(results, run, "one");
    const char *path = scratch_path(state, "results.db");

    assert_int_equal(results_map_add(results, scenario, "{}"), 0);
    assert_int_equal(scratch_number(path, "SELECT count(*) FROM map"), 1);
    assert_int_equal(results_scenario_remove(results, run, "one", "eager", "power-loss"), 0);
    assert_int_equal(scratch_number(path, "SELECT count(*) FROM map"), 0);
    results_close(results);
}

static void a_damaged_map_is_refused(void **state)
{
    static const char *const damages[] = {
        "UPDATE map SET text_bytes = text_bytes + 1",
        "UPDATE map SET text_bytes = -1",
        "UPDATE map SET text = x'28b52ffd'",
        "UPDATE map SET text = x''",
    };
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t run = scratch_run(results);

    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        char *text = NULL;
        int64_t scenario = scratch_scenario(results, run, damages[i]);
        assert_int_equal(results_map_add(results, scenario, "{\"rows\": []}"), 0);
        scratch_execute(scratch_path(state, "results.db"), damages[i]);
        assert_int_equal(results_map_get(results, scenario, &text), -EBADMSG);
        assert_non_null(strstr(results_error(results), "is damaged"));
    }
    results_close(results);
}

static void rows_are_handed_out_in_order_with_their_nulls(void **state)
{
    const char *const parameters[] = {"two", "3"};
    struct seen seen = {0};
    results_t *results = scratch_open(state, RESULTS_WRITE);

    assert_int_equal(results_rows(results, "SELECT 1, NULL UNION ALL SELECT ?1, ?2 + 0.5",
                                  parameters, 2, see, &seen),
                     0);
    assert_int_equal(seen.rows, 2);
    assert_int_equal(seen.columns, 2);
    assert_string_equal(seen.text, "1,NULL;two,3.5;");
    results_close(results);
}

static void rows_come_out_of_json_too(void **state)
{
    const char *const parameters[] = {"[{\"a\": 1}, {\"a\": \"x\"}]"}, *const broken[] = {"[{"};
    const char select[] = "SELECT value ->> '$.a' FROM json_each(?1)";
    struct seen seen = {0};
    results_t *results = scratch_open(state, RESULTS_WRITE);

    assert_int_equal(results_rows(results, select, parameters, 1, see, &seen), 0);
    assert_string_equal(seen.text, "1;x;");
    assert_int_equal(results_rows(results, select, broken, 1, see, &seen), RESULTS_ESQL);
    assert_non_null(strstr(results_error(results), "malformed JSON"));
    results_close(results);
}

static void nothing_can_be_written_by_asking_for_rows(void **state)
{
    struct seen seen = {0};
    results_t *results = scratch_open(state, RESULTS_WRITE);

    assert_int_equal(results_rows(results, "DELETE FROM run RETURNING id", NULL, 0, see, &seen),
                     RESULTS_ESQL);
    assert_non_null(strstr(results_error(results), "only a SELECT"));
    assert_int_equal(seen.rows, 0);
    results_close(results);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_map_comes_back_as_it_was),
        TEST(a_scenario_without_a_map_has_none),
        TEST(a_map_goes_with_its_scenario),
        TEST(a_damaged_map_is_refused),
        TEST(rows_are_handed_out_in_order_with_their_nulls),
        TEST(rows_come_out_of_json_too),
        TEST(nothing_can_be_written_by_asking_for_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
