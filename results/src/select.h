/* SPDX-License-Identifier: MIT */
/* Statements that come from a file or from the user: one SELECT, which can change nothing. */
#ifndef RESULTS_SELECT_H
#define RESULTS_SELECT_H

#include <sqlite3.h>
#include <stddef.h>

/*
 * Prepares the one statement in `sql`. RESULTS_ESQL and a sentence if it is none, more than one, or
 * would write, change a setting or reach another file. Finalize the statement with SQLite.
 */
int select_prepare(sqlite3 *handle, const char *sql, sqlite3_stmt **statement, char *message,
                   size_t message_bytes);

#endif
