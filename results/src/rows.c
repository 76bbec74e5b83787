/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "database.h"
#include "select.h"

static int visit_all(results_t *results, sqlite3_stmt *statement, results_row_visit *visit,
                     void *context)
{
    int columns = sqlite3_column_count(statement), code;
    const char **values = calloc((size_t)columns, sizeof *values);

    if (values == NULL)
        return database_fail(results, -ENOMEM, "%s: out of memory", results->path);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < columns; i++)
            values[i] = (const char *)sqlite3_column_text(statement, i);
        visit(context, values, (size_t)columns);
    }
    free(values);
    return code == SQLITE_DONE ? 0 : database_fail_sql(results, "reading rows");
}

int results_rows(results_t *results, const char *sql, const char *const *parameters, size_t count,
                 results_row_visit *visit, void *context)
{
    sqlite3_stmt *statement = NULL;
    char message[512];
    int error = select_prepare(results->handle, sql, &statement, message, sizeof message);

    if (error != 0)
        return database_fail(results, error, "%s: %s", results->path, message);
    for (size_t i = 0; i < count && error == 0; i++)
        if (sqlite3_bind_text(statement, (int)i + 1, parameters[i], -1, SQLITE_STATIC) != SQLITE_OK)
            error = database_fail_sql(results, "reading rows");
    if (error == 0)
        error = visit_all(results, statement, visit, context);
    sqlite3_finalize(statement);
    return error;
}
