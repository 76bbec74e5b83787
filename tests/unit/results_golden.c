/* SPDX-License-Identifier: MIT */
/* Databases of every schema version that there was (tests/golden) and what this version makes of
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/results_scratch.h"

/* What every version of the golden database holds, and holds still once it was brought up to date.
 */
static const struct {
    const char *sql, *rows;
} contents[] = {
    {"SELECT run, started, outcome, milliseconds, host, scenarios, recoveries, violations FROM "
     "v_run",
     "1,2024-05-01T08:00:00.000Z,clean,1000,builder,2,13,0\r\n"
     "2,2024-05-02T08:00:00.000Z,violations,2000,builder,1,10,1\r\n"
     "3,2024-05-03T08:00:00.000Z,clean,3000,builder,1,55,0\r\n"},
    {"SELECT run, subcommand, mode, grain, copying, sweep, kept_for FROM v_run",
     "1,run,simulate,call,eager,none,\r\n"
     "2,run,simulate,call,eager,none,\r\n"
     "3,generate,simulate,call,eager,none,\r\n"},
    {"SELECT run, scenario, copying, model, crash_points, states, recoveries, record_ms FROM "
     "v_scenario",
     "1,first-snapshot,eager,power-loss,77,380,8,10\r\n"
     "1,create,eager,power-loss,28,77,5,20\r\n"
     "2,first-snapshot,eager,power-loss,62,598,10,30\r\n"
     "3,gen-pages-1-*,eager,power-loss,1112,7213,55,40\r\n"},
    {"SELECT run, sum(hits), sum(crashed_at) FROM v_coverage GROUP BY run",
     "1,41,94\r\n2,29,57\r\n3,401,924\r\n"},
    {"SELECT run, sum(points), sum(paths), sum(recoveries), sum(states) FROM v_total GROUP BY run",
     "1,105,207,13,457\r\n2,62,140,10,553\r\n3,1112,1574,55,7213\r\n"},
    {"SELECT violation, scenario, verdict, location, side, point, hit, step, state FROM "
     "v_violation",
     "1,first-snapshot,mix,pma/meta/write,after,55,1,4,960e2b45674390be500ee2d0ec8d01af\r\n"},
};

/* What versions before `since` could not say yet. */
static const struct {
    unsigned since;
    const char *sql, *rows, *before;
} additions[] = {
    {3, "SELECT measured, shrunk_steps, steps FROM v_violation",
     "all that was written had reached the disk,4,4\r\n", ",,\r\n"},
    {5, "SELECT scenario, depth, power_failures, kills, recoveries FROM v_nested",
     "first-snapshot,2,3,1,9\r\n", ""},
    {5, "SELECT depth FROM v_run", "1\r\n2\r\n1\r\n", "1\r\n1\r\n1\r\n"},
    {6, "SELECT sum(plays) FROM v_run", "14\r\n", "4\r\n"},
    {6, "SELECT name, first, last FROM generated", "gen-pages-1-,0,10\r\n", ""},
    {7, "SELECT fault FROM v_violation", "pma/sync/blocks:skip\r\n", "\r\n"},
    {8, "SELECT selection FROM v_run ORDER BY run LIMIT 1", "create first-snapshot\r\n", "\r\n"},
    {9, "SELECT scenario, text_bytes FROM map", "1,85\r\n", ""},
    {10, "SELECT selftest, outcome, whole, barriers, caught, plays FROM v_selftest",
     "1,failed,1,2,1,2\r\n", ""},
    {10, "SELECT barrier, copying, caught, oracle, scenario FROM v_barrier",
     "pma/create/sync,eager,1,legal snapshot,create\r\npma/sync/parent,eager,0,,\r\n", ""},
};

static unsigned schema_version(void **state)
{
    results_close(scratch_open(state, RESULTS_WRITE));
    const char *path = scratch_path(state, "results.db");
    unsigned version = (unsigned)scratch_number(path, "PRAGMA user_version");

    assert_int_equal(unlink(path), 0);
    return version;
}

static void load_golden(void **state, unsigned version)
{
    char name[64];

    snprintf(name, sizeof name, "%s/schema-%04u.sql", GOLDEN, version);
    scratch_load(state, name);
    assert_int_equal(scratch_number(scratch_path(state, "results.db"), "PRAGMA user_version"),
                     version);
}

static void assert_answers(results_t *results, const char *sql, const char *rows, unsigned version)
{
    char *text = scratch_query(results, sql, RESULTS_CSV);
    const char *got = strchr(text, '\n') + 1;

    if (strcmp(got, rows) != 0)
        fail_msg("schema %u: %s\n%snot\n%s", version, sql, got, rows);
    free(text);
}

static void assert_contents(results_t *results, unsigned version)
{
    struct results_violation_row *row;

    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        assert_answers(results, contents[i].sql, contents[i].rows, version);
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++)
        assert_answers(results, additions[i].sql,
                       version >= additions[i].since ? additions[i].rows : additions[i].before,
                       version);
    assert_int_equal(results_violation_get(results, 1, &row), 0);
    assert_int_equal(row->v.image_bytes, 16473);
    assert_non_null(strstr(row->text, "first-snapshot"));
    results_violation_release(row);
}

static void every_version_is_brought_up_to_date_with_what_it_holds(void **state)
{
    unsigned newest = schema_version(state);
    const char *path = scratch_path(state, "results.db");

    for (unsigned version = 1; version <= newest; version++) {
        load_golden(state, version);
        results_t *results = scratch_open(state, RESULTS_WRITE);
        assert_contents(results, version);
        results_close(results);
        assert_int_equal(scratch_number(path, "PRAGMA user_version"), newest);
        assert_int_equal(scratch_number(path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_int_equal(scratch_number(path, "SELECT count(*) FROM pragma_integrity_check WHERE "
                                              "integrity_check <> 'ok'"),
                         0);
        assert_int_equal(unlink(path), 0);
    }
}

/* Columns, indexes and views, whatever the text of CREATE TABLE says after a table was altered. */
static const char shape[] =
    "SELECT t.name, c.name AS col, c.type, c.\"notnull\", c.dflt_value, c.pk FROM sqlite_schema AS "
    "t, "
    "pragma_table_info(t.name) AS c WHERE t.type IN ('table', 'view') "
    "UNION ALL SELECT name, tbl_name, '', '', sql, '' FROM sqlite_schema WHERE type = 'index' "
    "ORDER BY 1, 2";

static void brought_up_to_date_is_like_made_anew(void **state)
{
    unsigned newest = schema_version(state);
    results_t *results = scratch_open(state, RESULTS_WRITE);
    char *made_anew = scratch_rows(state, shape);

    results_close(results);
    for (unsigned version = 1; version <= newest; version++) {
        assert_int_equal(unlink(scratch_path(state, "results.db")), 0);
        load_golden(state, version);
        results_close(scratch_open(state, RESULTS_WRITE));
        char *migrated = scratch_rows(state, shape);
        assert_string_equal(migrated, made_anew);
        free(migrated);
    }
    free(made_anew);
}

static void who_reads_an_older_version_changes_nothing(void **state)
{
    unsigned newest = schema_version(state);
    const char *path = scratch_path(state, "results.db");

    for (unsigned version = 1; version < newest; version++) {
        load_golden(state, version);
        results_t *results = scratch_open(state, RESULTS_READ);
        assert_contents(results, version);
        assert_int_not_equal(results_run_keep(results, 1, "nothing"), 0);
        results_close(results);
        assert_int_equal(scratch_number(path, "PRAGMA user_version"), version);
        assert_int_equal(unlink(path), 0);
    }
}

static void options_of_runs_from_before_are_read_off_their_command(void **state)
{
    const char *path = scratch_path(state, "results.db");

    load_golden(state, 7);
    scratch_execute(
        path, "UPDATE run SET search = 'kill' WHERE id = 1;"
              "UPDATE run SET command = 'pmacrash run a --grain=store --sweep syncs "
              "--copying=lazy' WHERE id = 2;"
              "UPDATE run SET command = 'pmacrash run b --sweep=all --grain store' WHERE id = 3");
    results_t *results = scratch_open(state, RESULTS_READ);
    assert_answers(results, "SELECT subcommand, mode, grain, copying, sweep FROM v_run",
                   "run,kill,call,eager,none\r\n"
                   "run,simulate,store,lazy,syncs\r\n"
                   "run,simulate,store,both,all\r\n",
                   7);
    results_close(results);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_version_is_brought_up_to_date_with_what_it_holds),
        TEST(brought_up_to_date_is_like_made_anew),
        TEST(who_reads_an_older_version_changes_nothing),
        TEST(options_of_runs_from_before_are_read_off_their_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
