/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "results_scratch.h"

enum { PATH_BYTES = 512 };

int scratch_setup(void **state)
{
    char directory[] = "/tmp/results-test-XXXXXX";

    if (mkdtemp(directory) == NULL)
        return -1;
    *state = strdup(directory);
    return *state == NULL ? -1 : 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    return remove(path);
}

int scratch_teardown(void **state)
{
    chmod(*state, 0755); /* a test may have made it read-only */
    int error = nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);

    unsetenv("PMACRASH_DATA");
    free(*state);
    return error;
}

const char *scratch_path(void **state, const char *name)
{
    static char paths[4][PATH_BYTES];
    static size_t next;
    char *path = paths[next++ % 4];

    snprintf(path, PATH_BYTES, "%s/%s", (const char *)*state, name);
    return path;
}

void scratch_write(void **state, const char *name, const char *text)
{
    FILE *file = fopen(scratch_path(state, name), "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

results_t *scratch_open(void **state, enum results_mode mode)
{
    results_t *results;
    char message[512] = "";
    int error =
        results_open(scratch_path(state, "results.db"), mode, &results, message, sizeof message);

    if (error != 0)
        fail_msg("results_open: %d: %s", error, message);
    return results;
}

static int keep_number(void *number, int columns, char **values, char **names)
{
    *(int64_t *)number = values[0] != NULL ? strtoll(values[0], NULL, 10) : -1;
    return 0;
}

int64_t scratch_number(const char *path, const char *sql)
{
    sqlite3 *handle;
    char *message = NULL;
    int64_t number = -1;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    if (sqlite3_exec(handle, sql, keep_number, &number, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
    return number;
}

void scratch_execute(const char *path, const char *sql)
{
    scratch_number(path, sql);
}

void scratch_load(void **state, const char *file)
{
    char *sql = NULL;
    size_t bytes = 0;
    FILE *in = fopen(file, "r");

    if (in == NULL)
        fail_msg("%s is missing", file);
    assert_true(getdelim(&sql, &bytes, '\0', in) > 0);
    assert_int_equal(fclose(in), 0);
    scratch_execute(scratch_path(state, "results.db"), sql);
    free(sql);
}

static int print_row(void *out, int columns, char **values, char **names)
{
    for (int i = 0; i < columns; i++)
        fprintf(out, "%s%c", values[i] != NULL ? values[i] : "NULL", i + 1 < columns ? ',' : '\n');
    return 0;
}

char *scratch_rows(void **state, const char *sql)
{
    char *text = NULL, *message = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    sqlite3 *handle;

    assert_non_null(out);
    assert_int_equal(sqlite3_open(scratch_path(state, "results.db"), &handle), SQLITE_OK);
    if (sqlite3_exec(handle, sql, print_row, out, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void copy_file(const char *from, const char *to)
{
    char bytes[4096];
    size_t count;
    FILE *source = fopen(from, "r"), *target = fopen(to, "w");

    assert_non_null(source);
    assert_non_null(target);
    while ((count = fread(bytes, 1, sizeof bytes, source)) > 0)
        assert_int_equal(fwrite(bytes, 1, count, target), count);
    assert_int_equal(fclose(source), 0);
    assert_int_equal(fclose(target), 0);
}

void scratch_data_directory(void **state)
{
    char real[PATH_BYTES], from[2 * PATH_BYTES], to[PATH_BYTES];

    snprintf(real, sizeof real, "%s/sql", results_data_directory());
    assert_int_equal(mkdir(scratch_path(state, "data"), 0777), 0);
    assert_int_equal(mkdir(scratch_path(state, "data/queries"), 0777), 0);
    assert_int_equal(mkdir(scratch_path(state, "data/invariants"), 0777), 0);
    assert_int_equal(mkdir(scratch_path(state, "data/sql"), 0777), 0);
    DIR *directory = opendir(real);
    assert_non_null(directory);
    for (struct dirent *file; (file = readdir(directory)) != NULL;) {
        if (file->d_name[0] == '.')
            continue;
        snprintf(from, sizeof from, "%s/%s", real, file->d_name);
        snprintf(to, sizeof to, "%s/%.200s", scratch_path(state, "data/sql"), file->d_name);
        copy_file(from, to);
    }
    closedir(directory);
    assert_int_equal(setenv("PMACRASH_DATA", scratch_path(state, "data"), 1), 0);
}

char *scratch_query(results_t *results, const char *name_or_sql, enum results_format format)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(out);
    int error = results_query(results, name_or_sql, format, out);
    assert_int_equal(fclose(out), 0);
    if (error != 0)
        fail_msg("%s: %d: %s", name_or_sql, error, results_error(results));
    return text;
}

results_oracle_t *scratch_oracle(void)
{
    results_oracle_t *oracle = NULL;
    char message[512] = "";

    if (results_oracle_new(&oracle, message, sizeof message) != 0)
        fail_msg("%s", message);
    return oracle;
}

int64_t scratch_run(results_t *results)
{
    struct results_run run = {
        .version = "9.8.7",
        .commit = "0123abc",
        .host = "bench",
        .kernel = "6.1.0",
        .command = "pmacrash run",
        .model = "power-loss",
        .search = "lazy",
        .plan = "",
        .seed = UINT64_MAX,
        .jobs = 2,
        .depth = 1,
    };
    int64_t id;

    if (results_run_add(results, &run, &id) != 0)
        fail_msg("%s", results_error(results));
    return id;
}

int64_t scratch_scenario(results_t *results, int64_t run, const char *name)
{
    struct results_scenario scenario = {
        .name = name,
        .copying = "eager",
        .model = "power-loss",
        .description = "a scenario",
        .file = "suites/core.yaml",
        .text = "steps: []\n",
        .outcome = "clean",
        .error = "",
        .crash_points = 12,
        .paths = 60,
        .recoveries = 40,
        .states = 1.3e12,
        .covered = 1.3e12,
        .record_ms = 200,
        .explore_ms = 1000,
        .complete = true,
    };
    int64_t id;

    if (results_scenario_add(results, run, &scenario, &id) != 0)
        fail_msg("%s", results_error(results));
    return id;
}
