/* SPDX-License-Identifier: MIT */
/* Opening, creating, migrating; what a killed writer leaves; what is no database of ours. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/results_scratch.h"

/* The number of the last migration, and names for two after it. */
enum { SCHEMA = 10 };
#define NEXT_MIGRATION      "0011_more.sql"
#define NEXT_BUT_ONE        "0012_later.sql"
#define NEXT_ONE_IS_MISSING "migration 11 is missing"

enum { NOBODY = 65534 };

static const char *database_path(void **state)
{
    return scratch_path(state, "results.db");
}

static int64_t number(void **state, const char *sql)
{
    return scratch_number(database_path(state), sql);
}

static void assert_refused(const char *path, enum results_mode mode, int code, const char *text)
{
    results_t *results = (results_t *)path;
    char message[512] = "";

    assert_int_equal(results_open(path, mode, &results, message, sizeof message), code);
    assert_null(results);
    if (strstr(message, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", message, text);
    assert_null(strchr(message, '\n'));
}

static void assert_refused_in_both_modes(const char *path, int code, const char *text)
{
    assert_refused(path, RESULTS_READ, code, text);
    assert_refused(path, RESULTS_WRITE, code, text);
}

static void create(void **state)
{
    results_close(scratch_open(state, RESULTS_WRITE));
}

static void new_database_carries_our_mark_and_version(void **state)
{
    create(state);
    assert_int_equal(number(state, "PRAGMA application_id"), 0x504d4352);
    assert_int_equal(number(state, "PRAGMA user_version"), SCHEMA);
    assert_int_equal(number(state, "SELECT count(*) FROM pragma_journal_mode WHERE "
                                   "journal_mode = 'wal'"),
                     1);
}

static void every_table_is_strict(void **state)
{
    create(state);
    assert_true(number(state, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") > 5);
    assert_int_equal(number(state, "SELECT count(*) FROM pragma_table_list WHERE type = 'table' "
                                   "AND name NOT LIKE 'sqlite_%' AND NOT strict"),
                     0);
}

static void every_foreign_key_has_an_index(void **state)
{
    create(state);
    assert_int_equal(
        number(state, "SELECT count(*) FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS "
                      "k WHERE t.type = 'table' AND k.\"from\" NOT IN (SELECT c.name FROM "
                      "pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c "
                      "WHERE c.seqno = 0) AND k.\"from\" NOT IN (SELECT p.name FROM "
                      "pragma_table_info(t.name) AS p WHERE p.pk = 1)"),
        0);
}

static void opening_again_keeps_what_is_there(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t run = scratch_run(results), last = 0;

    results_close(results);
    results = scratch_open(state, RESULTS_WRITE);
    assert_int_equal(results_last_run(results, &last), 0);
    assert_int_equal(last, run);
    results_close(results);
}

static void empty_file_becomes_a_database(void **state)
{
    scratch_write(state, "results.db", "");
    assert_refused(database_path(state), RESULTS_READ, RESULTS_ENOTDB, "empty");
    create(state);
    assert_int_equal(number(state, "PRAGMA user_version"), SCHEMA);
}

static void newer_database_is_refused_and_named_so(void **state)
{
    create(state);
    scratch_execute(database_path(state), "PRAGMA user_version = 99");
    assert_refused_in_both_modes(database_path(state), RESULTS_ENEWER, "newer pmacrash (schema 99");
}

static void foreign_database_is_refused_and_untouched(void **state)
{
    scratch_execute(database_path(state), "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
    assert_refused_in_both_modes(database_path(state), RESULTS_ENOTDB, "not one of pmacrash");
    assert_int_equal(number(state, "SELECT count(*) FROM sqlite_schema"), 1);
    assert_int_equal(access(scratch_path(state, "results.db-wal"), F_OK), -1);

    scratch_execute(database_path(state), "DROP TABLE theirs; PRAGMA application_id = 7");
    assert_refused_in_both_modes(database_path(state), RESULTS_ENOTDB, "not one of pmacrash");
}

static void file_that_is_no_database_is_refused(void **state)
{
    scratch_write(state, "notes.txt", "short");
    assert_refused_in_both_modes(scratch_path(state, "notes.txt"), RESULTS_ENOTDB,
                                 "not a database of pmacrash");
    char *text = calloc(1, 9000);
    assert_non_null(text);
    memset(text, 'x', 8999);
    scratch_write(state, "notes.txt", text);
    free(text);
    assert_refused_in_both_modes(scratch_path(state, "notes.txt"), RESULTS_ENOTDB,
                                 "not a database of pmacrash");
}

static void places_without_a_file_are_refused_with_a_reason(void **state)
{
    assert_refused(database_path(state), RESULTS_READ, -ENOENT, "no such database");
    assert_int_equal(access(database_path(state), F_OK), -1);
    assert_refused_in_both_modes(*state, -EISDIR, "is a directory");
    assert_refused_in_both_modes("/dev/null", RESULTS_ENOTDB, "not a regular file");
    assert_refused_in_both_modes("", -EINVAL, "empty");
    assert_refused(scratch_path(state, "none/results.db"), RESULTS_WRITE, -ENOENT,
                   "No such file or directory");
}

static void name_is_never_read_as_an_address(void **state)
{
    static const char *const names[] = {":memory:", "file:x?mode=memory", "a?b#c%41.db"};
    char *before = getcwd(NULL, 0);
    struct stat status;

    assert_non_null(before);
    assert_int_equal(chdir(*state), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        results_t *results;
        assert_int_equal(results_open(names[i], RESULTS_WRITE, &results, NULL, 0), 0);
        results_close(results);
        assert_int_equal(stat(names[i], &status), 0);
    }
    assert_int_equal(chdir(before), 0);
    free(before);
}

/* Runs `body` in a child that is not root, since root may write everywhere. */
static void as_nobody(void **state, void (*body)(void **state))
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(2);
        body(state);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void make_read_only(void **state)
{
    assert_int_equal(chmod(*state, 0555), 0);
    assert_int_equal(chmod(database_path(state), 0444), 0);
}

static void read_run_from_odd_place(void **state)
{
    results_t *results;
    char *text = NULL, message[512] = "";
    size_t bytes;

    if (results_open(database_path(state), RESULTS_READ, &results, message, sizeof message) != 0)
        _exit(3);
    FILE *out = open_memstream(&text, &bytes);
    if (results_query(results, "SELECT count(*) AS runs FROM v_run", RESULTS_CSV, out) != 0)
        _exit(4);
    fclose(out);
    if (strcmp(text, "runs\r\n1\r\n") != 0)
        _exit(5);
    free(text);
    results_close(results);
}

static void expect_hint_about_the_log(void **state)
{
    results_t *results;
    char message[512] = "";

    if (results_open(database_path(state), RESULTS_READ, &results, message, sizeof message) !=
        -EROFS)
        _exit(3);
    if (strstr(message, "results.db-wal holds changes") == NULL)
        _exit(4);
}

static void expect_to_be_kept_from_writing(void **state)
{
    results_t *results;
    char message[512] = "";

    if (results_open(database_path(state), RESULTS_WRITE, &results, message, sizeof message) !=
        -EACCES)
        _exit(3);
    if (strstr(message, "cannot be written") == NULL)
        _exit(4);
    if (results_open(scratch_path(state, "new.db"), RESULTS_WRITE, &results, message,
                     sizeof message) != -EACCES)
        _exit(5);
    if (strstr(message, "Permission denied") == NULL)
        _exit(6);
}

static void read_only_database_is_refused_for_writing(void **state)
{
    create(state);
    make_read_only(state);
    as_nobody(state, expect_to_be_kept_from_writing);
}

static void reader_sees_what_is_committed_while_a_run_writes(void **state)
{
    results_t *writer = scratch_open(state, RESULTS_WRITE);
    results_t *reader = scratch_open(state, RESULTS_READ);
    int64_t run;

    assert_int_equal(results_begin(writer), 0);
    scratch_run(writer);
    assert_int_equal(results_last_run(reader, &run), RESULTS_ENOROW);
    assert_int_equal(results_commit(writer), 0);
    assert_int_equal(results_last_run(reader, &run), 0);
    results_close(reader);
    results_close(writer);
}

static void read_only_directory_can_be_read(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);

    scratch_run(results);
    results_close(results);
    scratch_data_directory(state); /* the source tree may be in a place that only root can read */
    make_read_only(state);
    as_nobody(state, read_run_from_odd_place);
}

static void read_only_directory_with_a_log_is_explained(void **state)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        scratch_run(scratch_open(state, RESULTS_WRITE));
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(unlink(scratch_path(state, "results.db-shm")), 0);
    make_read_only(state);
    as_nobody(state, expect_hint_about_the_log);
}

static void rolled_back_rows_are_gone(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);

    assert_int_equal(results_begin(results), 0);
    scratch_run(results);
    results_rollback(results);
    results_rollback(results);
    results_close(results);
    assert_int_equal(number(state, "SELECT count(*) FROM run"), 0);
}

static void unfinished_run_is_shown_as_interrupted(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t run = scratch_run(results);

    scratch_scenario(results, run, "create");
    char *text = scratch_query(results, "SELECT outcome, finished, scenarios, complete FROM v_run",
                               RESULTS_CSV);
    assert_string_equal(text, "outcome,finished,scenarios,complete\r\ninterrupted,0,1,0\r\n");
    free(text);
    results_close(results);
}

enum { SCENARIOS_A_RUN = 3, RUNS = 6 };

/* Ends with the signal that the kernel sends to whoever writes beyond the limit. */
static void write_runs_until_killed(void **state, rlim_t file_bytes)
{
    const struct rlimit limit = {.rlim_cur = file_bytes, .rlim_max = file_bytes};
    const struct rlimit no_core = {0};
    results_t *results;

    signal(SIGXFSZ, SIG_DFL);
    if (setrlimit(RLIMIT_CORE, &no_core) != 0 || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        _exit(2);
    if (results_open(database_path(state), RESULTS_WRITE, &results, NULL, 0) != 0)
        _exit(3);
    for (int i = 0; i < RUNS; i++) {
        if (results_begin(results) != 0)
            _exit(4);
        int64_t run = scratch_run(results);
        for (int j = 0; j < SCENARIOS_A_RUN; j++)
            scratch_scenario(results, run, (const char *[]){"a", "b", "c"}[j]);
        if (results_commit(results) != 0)
            _exit(5);
    }
    _exit(0);
}

static void writer_killed_in_any_write_leaves_whole_runs(void **state)
{
    const rlim_t step = 3989; /* meets pages and headers of the log at all offsets */
    unsigned killed = 0;
    bool clean = false;

    for (rlim_t limit = step; !clean; limit += step) {
        int status;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_runs_until_killed(state, limit);
        assert_int_equal(waitpid(child, &status, 0), child);
        clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!clean) {
            assert_true(WIFSIGNALED(status));
            assert_int_equal(WTERMSIG(status), SIGXFSZ);
            killed++;
        }

        create(state);
        assert_int_equal(number(state, "SELECT count(*) FROM pragma_integrity_check WHERE "
                                       "integrity_check <> 'ok'"),
                         0);
        assert_int_equal(number(state, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_int_equal(number(state, "SELECT count(*) FROM v_run WHERE scenarios <> 3"), 0);
        if (clean)
            assert_int_equal(number(state, "SELECT count(*) FROM run"), RUNS);
        assert_int_equal(unlink(database_path(state)), 0);
    }
    assert_true(killed > 20);
}

static void older_database_is_migrated(void **state)
{
    create(state);
    scratch_data_directory(state);
    scratch_write(state, "data/sql/" NEXT_MIGRATION, "CREATE TABLE more (x INTEGER) STRICT;");
    create(state);
    assert_int_equal(number(state, "PRAGMA user_version"), SCHEMA + 1);
    assert_int_equal(number(state, "SELECT count(*) FROM more"), 0);
    assert_int_equal(unsetenv("PMACRASH_DATA"), 0);
    assert_refused_in_both_modes(database_path(state), RESULTS_ENEWER, "newer");
}

/* The file's text, as far as sqlite3_exec takes it. free() it. */
static char *text_of(const char *path)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_true(getdelim(&text, &bytes, '\0', file) > 0);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void runs_from_before_lazy_copying_are_kept_as_eager_ones(void **state)
{
    char first[512], *schema;

    snprintf(first, sizeof first, "%s/sql/0001_initial.sql", results_data_directory());
    schema = text_of(first);
    scratch_execute(database_path(state), schema);
    scratch_execute(
        database_path(state),
        "PRAGMA application_id = 0x504d4352; PRAGMA user_version = 1;"
        "INSERT INTO run VALUES (7, 'u', 't', 'clean', 1, '', '', '', '', '', 'torn', '', "
        "'', '1', 1);"
        "INSERT INTO scenario VALUES (5, 7, 'create', '', '', '', 'clean', '', 1, 12, "
        "1.5, 1.5, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4);"
        "INSERT INTO coverage VALUES (5, 'pma/grow', 6, 7)");
    free(schema);
    create(state);
    assert_int_equal(number(state, "SELECT scenario_id FROM v_scenario WHERE scenario = 'create' "
                                   "AND copying = 'eager' AND model = 'torn' AND crash_points = 12 "
                                   "AND record_ms = 3"),
                     5);
    assert_int_equal(number(state, "SELECT hits FROM v_coverage WHERE point = 'pma/grow'"), 6);
    assert_int_equal(number(state, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(number(state, "SELECT count(*) FROM pragma_foreign_key_list('coverage') "
                                   "WHERE \"table\" = 'scenario'"),
                     1);
    scratch_execute(database_path(state), "PRAGMA foreign_keys = ON; DELETE FROM run");
    assert_int_equal(number(state, "SELECT count(*) FROM coverage"), 0);
}

static void failed_migration_changes_nothing(void **state)
{
    create(state);
    scratch_data_directory(state);
    scratch_write(state, "data/sql/" NEXT_MIGRATION, "CREATE TABLE more (x INTEGER); CREATE oops;");
    assert_refused(database_path(state), RESULTS_WRITE, RESULTS_ESQL,
                   NEXT_MIGRATION ": near \"oops\"");
    assert_int_equal(number(state, "PRAGMA user_version"), SCHEMA);
    assert_int_equal(number(state, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'"), 0);
}

static void gap_between_migrations_is_an_error(void **state)
{
    scratch_data_directory(state);
    scratch_write(state, "data/sql/" NEXT_BUT_ONE, "CREATE TABLE later (x INTEGER);");
    assert_refused(database_path(state), RESULTS_WRITE, -EINVAL, NEXT_ONE_IS_MISSING);
}

static void views_follow_their_file(void **state)
{
    create(state);
    scratch_data_directory(state);
    assert_int_equal(unlink(scratch_path(state, "data/sql/views.sql")), 0);
    scratch_write(
        state, "data/sql/views.sql",
        "DROP VIEW IF EXISTS v_interface; CREATE VIEW v_interface AS SELECT 2 AS version;");
    create(state);
    assert_int_equal(number(state, "SELECT version FROM v_interface"), 2);
    assert_int_equal(unsetenv("PMACRASH_DATA"), 0);
    create(state);
    assert_int_equal(number(state, "SELECT version FROM v_interface"), 1);
}

static void missing_data_directory_is_named(void **state)
{
    assert_int_equal(setenv("PMACRASH_DATA", scratch_path(state, "nowhere"), 1), 0);
    assert_refused(database_path(state), RESULTS_WRITE, -ENOENT, "nowhere/sql/: No such file");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(new_database_carries_our_mark_and_version),
        TEST(every_table_is_strict),
        TEST(every_foreign_key_has_an_index),
        TEST(opening_again_keeps_what_is_there),
        TEST(empty_file_becomes_a_database),
        TEST(newer_database_is_refused_and_named_so),
        TEST(foreign_database_is_refused_and_untouched),
        TEST(file_that_is_no_database_is_refused),
        TEST(places_without_a_file_are_refused_with_a_reason),
        TEST(name_is_never_read_as_an_address),
        TEST(read_only_database_is_refused_for_writing),
        TEST(reader_sees_what_is_committed_while_a_run_writes),
        TEST(read_only_directory_can_be_read),
        TEST(read_only_directory_with_a_log_is_explained),
        TEST(rolled_back_rows_are_gone),
        TEST(unfinished_run_is_shown_as_interrupted),
        TEST(writer_killed_in_any_write_leaves_whole_runs),
        TEST(older_database_is_migrated),
        TEST(runs_from_before_lazy_copying_are_kept_as_eager_ones),
        TEST(failed_migration_changes_nothing),
        TEST(gap_between_migrations_is_an_error),
        TEST(views_follow_their_file),
        TEST(missing_data_directory_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
