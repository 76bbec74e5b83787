/* SPDX-License-Identifier: MIT */
#include <results/manage.h>

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "database.h"
#include "print.h"
#include "schema.h"

/* ---- JSON and CSV: what the views have of it ---- */

typedef int view_visit(results_t *results, const char *view, void *context);

/* The views that tell of a run, v_run first. */
static int views_each(results_t *results, view_visit *visit, void *context)
{
    struct statement s;
    int row, error = 0;

    statement_open(&s, results,
                   "SELECT v.name FROM sqlite_schema AS v WHERE v.type = 'view' AND EXISTS "
                   "(SELECT 1 FROM pragma_table_info(v.name) WHERE name = 'run') "
                   "ORDER BY v.name <> 'v_run', v.name");
    while (error == 0 && (row = statement_row(&s, "listing its views")) != 0)
        error =
            row < 0 ? row : visit(results, (const char *)sqlite3_column_text(s.handle, 0), context);
    statement_close(&s);
    return error;
}

static int print_view(results_t *results, const char *view, int64_t run, enum results_format format,
                      FILE *out)
{
    char sql[120];

    snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE run = :run", view);
    return results_query_on(results, sql, &(struct results_terms){.run = run}, format, out);
}

struct document {
    int64_t run;
    FILE *out;
    const char *directory;
};

static int print_member(results_t *results, const char *view, void *context)
{
    const struct document *document = context;

    fprintf(document->out, "%s\"%s\": ", strcmp(view, "v_run") == 0 ? "{\n" : ",\n", view);
    return print_view(results, view, document->run, RESULTS_JSON, document->out);
}

int results_export_json(results_t *results, int64_t run, FILE *out)
{
    int error = results_run_exists(results, run);

    if (error == 0)
        error = views_each(results, print_member, &(struct document){.run = run, .out = out});
    if (error == 0)
        fputs("}\n", out);
    return error;
}

static int print_file(results_t *results, const char *view, void *context)
{
    const struct document *document = context;
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s.csv", document->directory, view);
    FILE *out = fopen(path, "wx");
    if (out == NULL)
        return database_fail(results, -errno, "%s: %s", path, strerror(errno));
    int error = print_view(results, view, document->run, RESULTS_CSV, out);
    if (fclose(out) != 0 && error == 0)
        error = database_fail(results, -errno, "%s: %s", path, strerror(errno));
    return error;
}

int results_export_csv(results_t *results, int64_t run, const char *directory)
{
    int error = results_run_exists(results, run);

    if (error == 0)
        error =
            views_each(results, print_file, &(struct document){.run = run, .directory = directory});
    return error;
}

/* ---- a database of its own ---- */

struct copy {
    results_t *to;
    int64_t run;
};

/* The columns of a table, named, since their order depends on how old the file was. */
static char *column_list(results_t *results, const char *table)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_str *list = sqlite3_str_new(results->handle);

    if (sqlite3_prepare_v2(results->handle, "SELECT name FROM pragma_table_info(?1)", -1,
                           &statement, NULL) == SQLITE_OK &&
        sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC) == SQLITE_OK)
        while (sqlite3_step(statement) == SQLITE_ROW)
            sqlite3_str_appendf(list, "%s\"%w\"", sqlite3_str_length(list) > 0 ? ", " : "",
                                sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return sqlite3_str_finish(list);
}

/* Which rows are the run's; NULL: the table is not about runs. */
static char *condition(const struct schema_table *table, int64_t run)
{
    if (strcmp(table->name, "run") == 0)
        return sqlite3_mprintf("id = %lld", (long long)run);
    if (*table->by_run != '\0')
        return sqlite3_mprintf("\"%w\" = %lld", table->by_run, (long long)run);
    if (*table->by_scenario != '\0')
        return sqlite3_mprintf("\"%w\" IN (SELECT id FROM scenario WHERE run = %lld)",
                               table->by_scenario, (long long)run);
    /* What the library declares: v_coverage tells which of it was never hit. */
    return strcmp(table->name, "fault_point") == 0 ? sqlite3_mprintf("1") : NULL;
}

static int copy_rows(sqlite3_stmt *select, sqlite3_stmt *insert)
{
    int code, columns = sqlite3_column_count(select);

    while ((code = sqlite3_step(select)) == SQLITE_ROW) {
        for (int i = 0; i < columns; i++)
            sqlite3_bind_value(insert, i + 1, sqlite3_column_value(select, i));
        if (sqlite3_step(insert) != SQLITE_DONE)
            return SQLITE_ERROR;
        sqlite3_reset(insert);
    }
    return code;
}

static char *insert_text(const char *table, const char *columns, int count)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);

    sqlite3_str_appendf(sql, "INSERT INTO \"%w\" (%s) VALUES (", table, columns);
    for (int i = 0; i < count; i++)
        sqlite3_str_appendall(sql, i > 0 ? ", ?" : "?");
    sqlite3_str_appendall(sql, ")");
    return sqlite3_str_finish(sql);
}

static int copy_table(results_t *results, const struct schema_table *table, void *context)
{
    const struct copy *copy = context;
    char *where = condition(table, copy->run), *columns, *sql = NULL, *insertion = NULL;
    sqlite3_stmt *select = NULL, *insert = NULL;
    int error = 0;

    if (where == NULL)
        return 0;
    columns = column_list(results, table->name);
    if (columns != NULL)
        sql = sqlite3_mprintf("SELECT %s FROM \"%w\" WHERE %s", columns, table->name, where);
    if (sql == NULL || sqlite3_prepare_v2(results->handle, sql, -1, &select, NULL) != SQLITE_OK)
        error = database_fail_sql(results, "reading the run");
    if (error == 0)
        insertion = insert_text(table->name, columns, sqlite3_column_count(select));
    if (error == 0 &&
        (insertion == NULL ||
         sqlite3_prepare_v2(copy->to->handle, insertion, -1, &insert, NULL) != SQLITE_OK ||
         copy_rows(select, insert) != SQLITE_DONE))
        error = database_fail(results, RESULTS_ESQL, "%s: %s", copy->to->path,
                              sqlite3_errmsg(copy->to->handle));
    sqlite3_finalize(insert);
    sqlite3_finalize(select);
    sqlite3_free(insertion);
    sqlite3_free(sql);
    sqlite3_free(columns);
    sqlite3_free(where);
    return error;
}

int results_export_database(results_t *results, int64_t run, const char *path)
{
    struct copy copy = {.run = run};
    char message[512];
    int error = results_run_exists(results, run);

    if (error == 0 && access(path, F_OK) == 0)
        error = database_fail(results, -EEXIST, "%s: is there already; name a new file", path);
    if (error != 0)
        return error;
    error = results_open(path, RESULTS_WRITE, &copy.to, message, sizeof message);
    if (error != 0)
        return database_fail(results, error, "%s", message);
    error = results_begin(copy.to);
    if (error == 0)
        error = schema_tables_each(results, copy_table, &copy);
    if (error == 0 && (error = results_commit(copy.to)) != 0)
        database_fail(results, error, "%s", results_error(copy.to));
    results_rollback(copy.to);
    results_close(copy.to);
    if (error != 0)
        unlink(path);
    return error;
}
