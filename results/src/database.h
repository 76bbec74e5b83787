/* SPDX-License-Identifier: MIT */
/* The open database, and statements on it. */
#ifndef RESULTS_DATABASE_H
#define RESULTS_DATABASE_H

#include <sqlite3.h>

#include <results/results.h>

enum { DATABASE_STATEMENTS = 40 };

struct results {
    sqlite3 *handle;
    char *path;
    int64_t schema, known_schema; /* version of the file when it was opened; of this program */
    struct {
        const char *sql; /* the literal it was made from */
        sqlite3_stmt *statement;
    } cache[DATABASE_STATEMENTS];
    char error[1024];
};

/* Keeps the sentence for results_error and returns `code`. */
int database_fail(results_t *results, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for what SQLite last said of `what` ("adding a run"), as the code that fits best. */
int database_fail_sql(results_t *results, const char *what);

/*
 * One execution of a statement: parameters are bound in order, then it runs. The first failure
 * sticks, so that a caller looks once, at the end. `sql` is a literal: statements are kept by it.
 */
struct statement {
    results_t *results;
    sqlite3_stmt *handle;
    int bound;
    bool failed;
};
void statement_open(struct statement *statement, results_t *results, const char *sql);
void statement_text(struct statement *statement, const char *text); /* NULL counts as "" */
void statement_number(struct statement *statement, int64_t number);
void statement_count(struct statement *statement, uint64_t count); /* at most INT64_MAX */
void statement_count_or_null(struct statement *statement, bool known, uint64_t count);
void statement_real(struct statement *statement, double number);
void statement_bytes(struct statement *statement, const void *bytes, size_t count);

/* Fetches a row: 1, or 0 if there is none (left), or a code. */
int statement_row(struct statement *statement, const char *what);
/* Makes the statement ready for its next use. */
void statement_close(struct statement *statement);
/* Runs a statement that returns no row, and closes it. 0 or a code. */
int statement_run(struct statement *statement, const char *what);

#endif
