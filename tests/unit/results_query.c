/* SPDX-License-Identifier: MIT */
/* Queries by name and as SQL, in the three formats; what is refused, and how it is said. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/results_scratch.h"

static void assert_prints(void **state, const char *sql, enum results_format format,
                          const char *expected)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    char *text = scratch_query(results, sql, format);

    assert_string_equal(text, expected);
    free(text);
    results_close(results);
}

static void assert_refused(results_t *results, const char *sql, int code, const char *text)
{
    char *printed = NULL;
    size_t bytes;
    FILE *out = open_memstream(&printed, &bytes);

    assert_non_null(out);
    if (results_query(results, sql, RESULTS_TABLE, out) != code)
        fail_msg("\"%s\" is not refused with %d: %s", sql, code, results_error(results));
    if (strstr(results_error(results), text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", results_error(results), text);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(bytes, 0);
    free(printed);
}

static void table_lines_up_text_left_and_numbers_right(void **state)
{
    assert_prints(state,
                  "SELECT 'create' AS scenario, 12 AS points, 'yes' AS complete "
                  "UNION ALL SELECT 'na\xc3\xafve', 12345678, NULL "
                  "UNION ALL SELECT '\xe6\xbc\xa2\xe5\xad\x97', NULL, 'no'",
                  RESULTS_TABLE,
                  "scenario    points  complete\n"
                  "--------  --------  --------\n"
                  "create          12  yes\n"
                  "na\xc3\xafve     12345678\n"
                  "\xe6\xbc\xa2\xe5\xad\x97                no\n");
}

static void table_rounds_what_nobody_would_read(void **state)
{
    assert_prints(state,
                  "SELECT 1.3e12 AS n UNION ALL SELECT 3.0 UNION ALL SELECT 0.25 UNION ALL "
                  "SELECT 9999999.0 UNION ALL SELECT 1.26e-9 UNION ALL SELECT 1e999 UNION ALL "
                  "SELECT -1e999 UNION ALL SELECT 0.0 UNION ALL SELECT -2.5e300",
                  RESULTS_TABLE,
                  "       n\n"
                  "--------\n"
                  "  1.3e12\n"
                  "       3\n"
                  "    0.25\n"
                  " 9999999\n"
                  "  1.3e-9\n"
                  "     inf\n"
                  "    -inf\n"
                  "       0\n"
                  "-2.5e300\n");
}

static void table_keeps_lines_and_terminals_whole(void **state)
{
    assert_prints(state, "SELECT 'a' || char(10, 27, 9) || 'b' || char(155) || 'c' AS t",
                  RESULTS_TABLE, "t\n-------\na   b c\n");
    assert_prints(state, "SELECT CAST(x'61ff62' AS TEXT) AS t, x'00ff' AS b", RESULTS_TABLE,
                  "t    b\n---  ----\na?b  00ff\n");
}

static void table_cuts_long_text_and_the_others_do_not(void **state)
{
    char expected[512], letters[101], rule[81];

    memset(letters, 'x', 100);
    letters[100] = '\0';
    memset(rule, '-', 80);
    rule[80] = '\0';
    const char *sql = "SELECT replace(hex(zeroblob(50)), '0', 'x') AS t";
    snprintf(expected, sizeof expected, "t\n%s\n%.79s\xe2\x80\xa6\n", rule, letters);
    assert_prints(state, sql, RESULTS_TABLE, expected);
    snprintf(expected, sizeof expected, "t\r\n%s\r\n", letters);
    assert_prints(state, sql, RESULTS_CSV, expected);
    snprintf(expected, sizeof expected, "[\n  {\"t\": \"%s\"}\n]\n", letters);
    assert_prints(state, sql, RESULTS_JSON, expected);
    snprintf(expected, sizeof expected, "t\n%s\n%.80s\n", rule, letters);
    assert_prints(state, "SELECT replace(hex(zeroblob(40)), '0', 'x') AS t", RESULTS_TABLE,
                  expected);
}

static void no_rows_are_said_to_be_none(void **state)
{
    const char *sql = "SELECT 1 AS n WHERE 0";

    assert_prints(state, sql, RESULTS_TABLE, "n\n-\n(no rows)\n");
    assert_prints(state, sql, RESULTS_CSV, "n\r\n");
    assert_prints(state, sql, RESULTS_JSON, "[]\n");
}

static void csv_quotes_what_needs_it(void **state)
{
    assert_prints(state,
                  "SELECT 'a,b' AS \"x,y\", 'say \"hi\"' AS q, 'two' || char(10) || 'lines' AS l, "
                  "NULL AS n, 0.1 AS r, 1.0/3 AS third, x'0aff' AS b, -5 AS i",
                  RESULTS_CSV,
                  "\"x,y\",q,l,n,r,third,b,i\r\n"
                  "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,0.1,0.33333333333333331,0aff,-5\r\n");
}

static void json_is_valid_for_any_bytes(void **state)
{
    assert_prints(state, "SELECT CAST(x'225c0a09017fc3a9ffc0afeda080f09f9880' AS TEXT) AS t",
                  RESULTS_JSON,
                  "[\n  {\"t\": \"\\\"\\\\\\n\\t\\u0001\\u007f\xc3\xa9\\ufffd\\ufffd\\ufffd"
                  "\\ufffd\\ufffd\\ufffd\xf0\x9f\x98\x80\"}\n]\n");
}

static void json_has_null_for_what_it_cannot_say(void **state)
{
    assert_prints(state,
                  "SELECT 1e999 AS i, -1e999 AS j, NULL AS n, x'00ff' AS b, 1e300 AS r, "
                  "9223372036854775807 AS m, 'q' AS \"a\"\"b\"",
                  RESULTS_JSON,
                  "[\n  {\"i\": null, \"j\": null, \"n\": null, \"b\": \"00ff\", \"r\": 1e+300, "
                  "\"m\": 9223372036854775807, \"a\\\"b\": \"q\"}\n]\n");
}

static void whatever_could_write_is_refused(void **state)
{
    static const char *const statements[] = {
        "DELETE FROM run",
        "UPDATE run SET host = 'x'",
        "INSERT INTO fault_point VALUES ('a', 'b', 'c')",
        "DROP TABLE run",
        "CREATE TABLE t (x)",
        "CREATE TEMP TABLE t (x)",
        "PRAGMA user_version = 9",
        "PRAGMA user_version",
        "ATTACH '/tmp/results-attached.db' AS a",
        "VACUUM INTO '/tmp/results-vacuumed.db'",
        "BEGIN IMMEDIATE",
        "REINDEX run",
        "ANALYZE run",
        "WITH r AS (SELECT 1) DELETE FROM run",
        "EXPLAIN DELETE FROM run",
        "SELECT * FROM pragma_user_version(9)",
    };
    results_t *results = scratch_open(state, RESULTS_WRITE);

    scratch_run(results);
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        assert_refused(results, statements[i], RESULTS_ESQL, "only a SELECT can be run here");
    char *text = scratch_query(results, "SELECT host FROM v_run", RESULTS_CSV);
    assert_string_equal(text, "host\r\nbench\r\n");
    free(text);
    scratch_run(results);
    results_close(results);
}

static void a_second_statement_is_refused(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);

    assert_refused(results, "SELECT 1; DELETE FROM run", RESULTS_ESQL, "only a SELECT can be run");
    assert_refused(results, "SELECT 1; SELECT 2", RESULTS_ESQL, "one statement at a time");
    assert_refused(results, "SELECT 1; oops", RESULTS_ESQL, "one statement at a time");
    assert_refused(results, " ; -- nothing", RESULTS_ESQL, "there is no statement in it");
    char *text =
        scratch_query(results, "SELECT 1 AS n; -- that is all\n ; /* really */", RESULTS_CSV);
    assert_string_equal(text, "n\r\n1\r\n");
    free(text);
    results_close(results);
}

static void wrong_sql_is_answered_with_its_place(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);

    assert_refused(results, "SELECT scenaro\nFROM v_scenario", RESULTS_ESQL,
                   "no such column: scenaro, at line 1, column 8; did you mean \"scenario\"?");
    assert_refused(results, "SELECT *\nFORM v_run", RESULTS_ESQL,
                   "near \"FORM\": syntax error, at line 2, column 1");
    assert_refused(results, "SELECT * FROM v_rn", RESULTS_ESQL,
                   "no such table: v_rn; did you mean \"v_run\"?");
    assert_refused(results, "SELECT * FROM runs_of_mine", RESULTS_ESQL,
                   "no such table: runs_of_mine; there are v_barrier, v_coverage, v_interface, ");
    assert_refused(results, "SELECT s.recoverys FROM v_scenario AS s", RESULTS_ESQL,
                   "; did you mean \"recoveries\"?");
    assert_refused(results, "SELECT cuont(*) FROM v_run", RESULTS_ESQL,
                   "; did you mean \"count\"?");
    assert_refused(results, "SELECT :rn", RESULTS_ESQL,
                   "\":rn\" is no value that a query is given");
    assert_refused(results, "SELECT abs(-9223372036854775807 - 1)", RESULTS_ESQL,
                   "integer overflow");
    results_close(results);
}

static void unknown_name_is_answered_with_the_nearest(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);

    assert_refused(results, "sumary", RESULTS_ENOQUERY,
                   "there is no query \"sumary\"; did you mean \"summary\"?");
    assert_refused(
        results, "xyzzy", RESULTS_ENOQUERY,
        "there is no query \"xyzzy\". There are: barriers, coverage, errors, history, invariants, "
        "models, nested, points, recurring, slowest, summary, violations");
    assert_refused(results, "v_run", RESULTS_ENOQUERY, "but a view: \"SELECT * FROM v_run\"");
    assert_refused(results, "../sql/views", RESULTS_ESQL, "syntax error");
    assert_refused(results, "..", RESULTS_ENOQUERY, "there is no query \"..\"");
    assert_refused(results, "vacuum", RESULTS_ENOQUERY, "there is no query \"vacuum\"");
    results_close(results);
}

static void full_disk_is_reported(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    FILE *full = fopen("/dev/full", "w");

    assert_non_null(full);
    for (int format = RESULTS_TABLE; format <= RESULTS_JSON; format++)
        assert_int_equal(results_query(results, "SELECT 1", format, full), -ENOSPC);
    assert_non_null(strstr(results_error(results), "No space left on device"));
    fclose(full);
    results_close(results);
}

static void every_named_query_runs_on_an_empty_database(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    struct results_entry *entries;
    size_t count;

    assert_int_equal(results_list_queries(&entries, &count), 0);
    assert_true(count >= 4);
    for (size_t i = 0; i < count; i++)
        for (int format = RESULTS_TABLE; format <= RESULTS_JSON; format++)
            free(scratch_query(results, entries[i].name, format));
    results_list_free(entries, count);
    results_close(results);
}

/* Two runs, so that a query which forgets to look at the latest only is found out. */
static results_t *open_filled(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    const struct results_violation violation = {
        .model = "power-loss",
        .verdict = "lost",
        .message = "snapshot 3 instead of 4",
        .where = "pma/sync/meta",
        .side = "after",
        .hit = 2,
        .step = 5,
    };
    int64_t id;

    results_fault_point_add(results, "pma/grow", "ordered", "make the file longer");
    results_fault_point_add(results, "pma/sync/meta", "barrier", "sync the meta page");
    for (int i = 0; i < 2; i++) {
        int64_t run = scratch_run(results);
        int64_t first = scratch_scenario(results, run, "create");
        int64_t second = scratch_scenario(results, run, "grow");
        results_coverage_add(results, first, "pma/sync/meta", 4, 4);
        results_total_add(results, first,
                          &(struct results_total){.where = "pma/sync/meta",
                                                  .model = "power-loss",
                                                  .verdict = "legal",
                                                  .points = 8,
                                                  .recoveries = 40,
                                                  .nanoseconds = 20000000});
        results_violation_add(results, second, &violation, &id);
        results_run_finish(results, run, "violations", 2400);
    }
    return results;
}

static void assert_named(void **state, const char *name, const char *expected)
{
    results_t *results = open_filled(state);
    char *text = scratch_query(results, name, RESULTS_TABLE);

    assert_string_equal(text, expected);
    free(text);
    results_close(results);
}

static void summary_tells_a_newcomer_what_held(void **state)
{
    assert_named(
        state, "summary",
        "scenario  copying  model       crash_points  crash_states  recoveries  violations  "
        "complete  seconds  outcome\n"
        "--------  -------  ----------  ------------  ------------  ----------  ----------  "
        "--------  -------  ----------\n"
        "create    eager    power-loss            12        1.3e12          40           0  "
        "yes           1.2  clean\n"
        "grow      eager    power-loss            12        1.3e12          40           0  "
        "yes           1.2  clean\n"
        "all 2                                    24        2.6e12          80           0  "
        "yes           2.4  violations\n");
}

static void coverage_puts_what_was_never_hit_first(void **state)
{
    assert_named(
        state, "coverage",
        "point          kind     hits  crashed_at  scenarios  remark     description\n"
        "-------------  -------  ----  ----------  ---------  ---------  --------------------\n"
        "pma/grow       ordered     0           0          0  never hit  make the file longer\n"
        "pma/sync/meta  barrier     4           4          1             sync the meta page\n");
}

static void violations_are_those_of_the_latest_run(void **state)
{
    assert_named(state, "violations",
                 "violation  scenario  copying  model       verdict  crash_point             step  "
                 "what\n"
                 "---------  --------  -------  ----------  -------  ----------------------  ----  "
                 "-----------------------\n"
                 "v2         grow      eager    power-loss  lost     after pma/sync/meta #2     5  "
                 "snapshot 3 instead of 4\n");
}

static void violation_without_a_message_is_told_by_its_explanation(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t id, scenario = scratch_scenario(results, scratch_run(results), "create");
    struct results_violation violation = {.explanation = "Page 1 is missing.\nSo is 2."};

    results_violation_add(results, scenario, &violation, &id);
    violation.message = "recovery hung";
    results_violation_add(results, scenario, &violation, &id);
    violation.finding = "keys-ordered: Extents ascend";
    results_violation_add(results, scenario, &violation, &id);
    char *text = scratch_query(results, "violations", RESULTS_CSV);
    assert_non_null(strstr(text, "v1,create,eager,,,  #0,0,Page 1 is missing.\r\n"));
    assert_non_null(strstr(text, ",recovery hung\r\n"));
    assert_non_null(strstr(text, ",keys-ordered: Extents ascend\r\n"));
    free(text);
    results_close(results);
}

static void slowest_counts_recoveries_a_second(void **state)
{
    assert_named(state, "slowest",
                 "scenario  copying  model       location       crash_points  recoveries  "
                 "milliseconds  recoveries_per_second\n"
                 "--------  -------  ----------  -------------  ------------  ----------  "
                 "------------  ---------------------\n"
                 "create    eager    power-loss  pma/sync/meta             8          40  "
                 "          20                   2000\n");
}

static void query_is_about_the_run_that_was_asked_for(void **state)
{
    results_t *results = open_filled(state);
    const char *sql = "SELECT run, count(*) FROM v_scenario WHERE run = :run";
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(out);
    assert_int_equal(
        results_query_on(results, sql, &(struct results_terms){.run = 1}, RESULTS_CSV, out), 0);
    assert_int_equal(results_query_on(results, sql, &(struct results_terms){0}, RESULTS_CSV, out),
                     0);
    assert_int_equal(
        results_query_on(results, sql, &(struct results_terms){.run = 7}, RESULTS_CSV, out),
        RESULTS_ENOROW);
    assert_non_null(
        strstr(results_error(results), "holds no run r7; see 'pmacrash query history'"));
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "run,count(*)\r\n1,2\r\nrun,count(*)\r\n2,2\r\n");
    free(text);
    results_close(results);
}

static void wide_table_fits_by_cutting_its_widest_texts(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(out);
    assert_int_equal(results_query_on(results,
                                      "SELECT 'abcdefghijklmnopqrst' AS letters, 1234567 AS "
                                      "number, 'abcdefghijklmno' AS fewer",
                                      &(struct results_terms){.width = 37}, RESULTS_TABLE, out),
                     0);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "letters         number  fewer\n"
                              "-------------  -------  -------------\n"
                              "abcdefghijkl\xe2\x80\xa6  1234567  abcdefghijkl\xe2\x80\xa6\n");
    free(text);
    results_close(results);
}

static void dropping_a_file_in_adds_a_query(void **state)
{
    results_t *results = open_filled(state);
    struct results_entry *entries;
    size_t count;

    scratch_data_directory(state);
    scratch_write(
        state, "data/queries/hosts.sql",
        "-- SPDX-License-Identifier: MIT\n-- Where runs\n-- were made, v. 1.5 of it. More.\n"
        "SELECT DISTINCT host FROM v_run");
    scratch_write(state, "data/queries/.hidden.sql", "-- No.\nSELECT 1");
    scratch_write(state, "data/queries/notes.txt", "no");
    assert_int_equal(results_list_queries(&entries, &count), 0);
    assert_int_equal(count, 1);
    assert_string_equal(entries[0].name, "hosts");
    assert_string_equal(entries[0].description, "Where runs were made, v.");
    results_list_free(entries, count);
    char *text = scratch_query(results, "hosts", RESULTS_CSV);
    assert_string_equal(text, "host\r\nbench\r\n");
    free(text);
    scratch_write(state, "data/queries/hosts.sql", "-- Wrong.\nSELECT hst FROM v_run");
    assert_refused(results, "hosts", RESULTS_ESQL, "hosts.sql: no such column: hst, at line 2");
    results_close(results);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(table_lines_up_text_left_and_numbers_right),
        TEST(table_rounds_what_nobody_would_read),
        TEST(table_keeps_lines_and_terminals_whole),
        TEST(table_cuts_long_text_and_the_others_do_not),
        TEST(no_rows_are_said_to_be_none),
        TEST(csv_quotes_what_needs_it),
        TEST(json_is_valid_for_any_bytes),
        TEST(json_has_null_for_what_it_cannot_say),
        TEST(whatever_could_write_is_refused),
        TEST(a_second_statement_is_refused),
        TEST(wrong_sql_is_answered_with_its_place),
        TEST(unknown_name_is_answered_with_the_nearest),
        TEST(full_disk_is_reported),
        TEST(every_named_query_runs_on_an_empty_database),
        TEST(summary_tells_a_newcomer_what_held),
        TEST(coverage_puts_what_was_never_hit_first),
        TEST(violations_are_those_of_the_latest_run),
        TEST(violation_without_a_message_is_told_by_its_explanation),
        TEST(slowest_counts_recoveries_a_second),
        TEST(query_is_about_the_run_that_was_asked_for),
        TEST(wide_table_fits_by_cutting_its_widest_texts),
        TEST(dropping_a_file_in_adds_a_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
