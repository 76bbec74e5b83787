/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "database.h"
#include "print.h"
#include "select.h"
#include "suggest.h"

/* No statement that reads is a single word, so a single word is a name. */
static bool is_name(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                 "_-.");

    return length > 0 && text[length] == '\0';
}

/* "no query ...; did you mean ...? There are: ..." */
static int say_unknown(results_t *results, const char *name, const struct results_entry *entries,
                       size_t count)
{
    const char **names = calloc(count + 1, sizeof *names);
    size_t used;

    if (names == NULL)
        return database_fail(results, -ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        names[i] = entries[i].name;
    if (suggest_is_view(results, name)) {
        free(names);
        return database_fail(results, RESULTS_ENOQUERY,
                             "there is no query \"%s\", but a view: \"SELECT * FROM %s\"", name,
                             name);
    }
    const char *nearest = results_nearest(name, names, count);
    database_fail(results, RESULTS_ENOQUERY, "there is no query \"%s\"%s%s%s There are: ", name,
                  nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : ".",
                  nearest != NULL ? "\"?" : "");
    for (size_t i = 0; i < count; i++) {
        used = strlen(results->error);
        snprintf(results->error + used, sizeof results->error - used, "%s%s", i > 0 ? ", " : "",
                 names[i]);
    }
    free(names);
    return RESULTS_ENOQUERY;
}

static int read_named(results_t *results, const char *name, char **sql)
{
    struct results_entry *entries = NULL;
    size_t count = 0;
    char file[256];
    int error = data_list("queries", &entries, &count, results->error, sizeof results->error);
    bool known = false;

    for (size_t i = 0; i < count; i++)
        known = known || strcmp(entries[i].name, name) == 0;
    if (error == 0 && !known)
        error = say_unknown(results, name, entries, count);
    if (error == 0) {
        snprintf(file, sizeof file, "%s.sql", name);
        error = data_read("queries", file, sql, results->error, sizeof results->error);
    }
    results_list_free(entries, count);
    return error;
}

/* Gives :run its value; other parameters have none. */
static int bind_run(results_t *results, sqlite3_stmt *statement, int64_t run)
{
    int parameters = sqlite3_bind_parameter_count(statement), error = 0;

    for (int i = 1; i <= parameters; i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        if (name == NULL || strcmp(name, ":run") != 0)
            return database_fail(results, RESULTS_ESQL,
                                 "\"%s\" is no value that a query is given: there is :run, the "
                                 "latest run or that of --run",
                                 name != NULL ? name : "?");
    }
    if (parameters == 0)
        return 0;
    if (run == 0)
        error = results_last_run(results, &run);
    /* Without a run it stays NULL, and nothing is found. */
    if (error == 0)
        sqlite3_bind_int64(statement, 1, run);
    return error == RESULTS_ENOROW ? 0 : error;
}

/* The statement of a named query, or of SQL. */
static int prepare(results_t *results, const char *name_or_sql, sqlite3_stmt **statement)
{
    bool named = is_name(name_or_sql);
    char *file = NULL, message[512];
    int error = named ? read_named(results, name_or_sql, &file) : 0;

    if (error == 0) {
        const char *sql = named ? file : name_or_sql;
        error = select_prepare(results->handle, sql, statement, message, sizeof message);
        if (error != 0)
            suggest_nearest(results, sql, message, sizeof message);
        if (error != 0)
            database_fail(results, error, "%s%s%s", named ? name_or_sql : "", named ? ".sql: " : "",
                          message);
    }
    free(file);
    return error;
}

int results_query_on(results_t *results, const char *name_or_sql, const struct results_terms *terms,
                     enum results_format format, FILE *out)
{
    sqlite3_stmt *statement = NULL;
    int error = prepare(results, name_or_sql, &statement);

    if (error == 0 && terms->run != 0)
        error = results_run_exists(results, terms->run);
    if (error == 0)
        error = bind_run(results, statement, terms->run);
    if (error == 0) {
        error = print_rows(statement, format, terms->width, out);
        if (error == RESULTS_ESQL)
            error = database_fail_sql(results, "running the query");
        else if (error != 0)
            database_fail(results, error, "writing the rows: %s", strerror(-error));
    }
    sqlite3_finalize(statement);
    return error;
}

int results_query(results_t *results, const char *name_or_sql, enum results_format format,
                  FILE *out)
{
    return results_query_on(results, name_or_sql, &(struct results_terms){0}, format, out);
}
