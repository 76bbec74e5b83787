/* SPDX-License-Identifier: MIT */
/* A directory for one test of the results database, and what fits into it. */
#ifndef RESULTS_SCRATCH_H
#define RESULTS_SCRATCH_H

#include <results/results.h>

/* cmocka setup and teardown: *state is the directory's name, a string. */
int scratch_setup(void **state);
int scratch_teardown(void **state);

/* DIRECTORY/NAME; lives until the next call but three. */
const char *scratch_path(void **state, const char *name);
void scratch_write(void **state, const char *name, const char *text);

/* Opens DIRECTORY/results.db and fails the test with the message if that fails. */
results_t *scratch_open(void **state, enum results_mode mode);

/* Runs SQL on a database behind the library's back. */
void scratch_execute(const char *path, const char *sql);
int64_t scratch_number(const char *path, const char *sql);

/* Makes DIRECTORY/results.db out of a file of SQL. */
void scratch_load(void **state, const char *file);

/* What DIRECTORY/results.db answers, a line a row, for free(): for what the library lets nobody
 * ask. */
char *scratch_rows(void **state, const char *sql);

/* A data directory in the scratch directory: sql/ is a copy of the real one, queries/ and
 * invariants/ are empty. PMACRASH_DATA names it until the teardown. */
void scratch_data_directory(void **state);

/* What a query prints, for free(). Fails the test if the query fails. */
char *scratch_query(results_t *results, const char *name_or_sql, enum results_format format);

/* One that knows the invariants of PMACRASH_DATA, for results_oracle_free(). */
results_oracle_t *scratch_oracle(void);

/* A run, and a scenario, with the fields that tables demand. */
int64_t scratch_run(results_t *results);
int64_t scratch_scenario(results_t *results, int64_t run, const char *name);

#endif
