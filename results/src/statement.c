/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "database.h"

static sqlite3_stmt *prepared(results_t *results, const char *sql)
{
    for (size_t i = 0; i < DATABASE_STATEMENTS; i++) {
        if (results->cache[i].sql == NULL) {
            if (sqlite3_prepare_v3(results->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                   &results->cache[i].statement, NULL) != SQLITE_OK)
                return NULL;
            results->cache[i].sql = sql;
        }
        if (results->cache[i].sql == sql)
            return results->cache[i].statement;
    }
    assert(!"more statements than the cache has places");
    return NULL;
}

void statement_open(struct statement *statement, results_t *results, const char *sql)
{
    *statement = (struct statement){.results = results, .handle = prepared(results, sql)};
    statement->failed = statement->handle == NULL;
}

static void bound(struct statement *statement, int sqlite_code)
{
    if (sqlite_code != SQLITE_OK)
        statement->failed = true;
}

void statement_text(struct statement *statement, const char *text)
{
    if (!statement->failed)
        bound(statement, sqlite3_bind_text(statement->handle, ++statement->bound,
                                           text != NULL ? text : "", -1, SQLITE_STATIC));
}

void statement_number(struct statement *statement, int64_t number)
{
    if (!statement->failed)
        bound(statement, sqlite3_bind_int64(statement->handle, ++statement->bound, number));
}

void statement_count(struct statement *statement, uint64_t count)
{
    statement_number(statement, count <= INT64_MAX ? (int64_t)count : INT64_MAX);
}

void statement_count_or_null(struct statement *statement, bool known, uint64_t count)
{
    if (known)
        statement_count(statement, count);
    else if (!statement->failed)
        bound(statement, sqlite3_bind_null(statement->handle, ++statement->bound));
}

void statement_real(struct statement *statement, double number)
{
    if (!statement->failed)
        bound(statement, sqlite3_bind_double(statement->handle, ++statement->bound, number));
}

void statement_bytes(struct statement *statement, const void *bytes, size_t count)
{
    if (!statement->failed)
        bound(statement, sqlite3_bind_blob64(statement->handle, ++statement->bound,
                                             bytes != NULL ? bytes : "", count, SQLITE_STATIC));
}

int statement_row(struct statement *statement, const char *what)
{
    int code = statement->failed ? SQLITE_ERROR : sqlite3_step(statement->handle);

    if (code == SQLITE_ROW)
        return 1;
    return code == SQLITE_DONE ? 0 : database_fail_sql(statement->results, what);
}

void statement_close(struct statement *statement)
{
    if (statement->handle != NULL) {
        sqlite3_reset(statement->handle);
        sqlite3_clear_bindings(statement->handle);
    }
}

int statement_run(struct statement *statement, const char *what)
{
    int error = statement_row(statement, what);

    statement_close(statement);
    return error;
}
