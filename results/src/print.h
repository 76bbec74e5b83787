/* SPDX-License-Identifier: MIT */
/* The rows of a statement as text: a table for people, CSV and JSON for programs. */
#ifndef RESULTS_PRINT_H
#define RESULTS_PRINT_H

#include <sqlite3.h>

#include <results/results.h>

/*
 * A table is made to fit into `width` columns, if that is not 0. Steps the statement to its end and
 * prints each row. 0; RESULTS_ESQL if SQLite failed (it knows why); a negated errno if memory or
 * `out` did.
 */
int print_rows(sqlite3_stmt *statement, enum results_format format, size_t width, FILE *out);

#endif
