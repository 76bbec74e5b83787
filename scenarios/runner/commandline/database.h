/* SPDX-License-Identifier: MIT */
/* The results database as subcommands open it, and the ids that they take. */
#ifndef DATABASE_H
#define DATABASE_H

#include <results/results.h>

#include "command.h"

/* For reading. Complains and returns NULL if it cannot. */
results_t *database_open(const struct settings *settings);

/* For writing, made if it is not there. The same. */
results_t *database_open_to_write(const struct settings *settings);

/* Columns that a table of rows may take; 0: any number, since what is not a terminal may be a file,
 * in which nothing must be missing. */
size_t table_width(const struct settings *settings);

enum database_kind { DATABASE_RUN, DATABASE_VIOLATION };

/* "v12" or "12": a violation; "r3": a run. Complains and returns false for anything else. */
bool database_id(const char *text, enum database_kind *kind, int64_t *id);

/* "r3", "3" or "latest" (0): a run. Complains and returns false for anything else. */
bool database_run(const char *text, int64_t *id);

/* Complains if there is no such violation; NULL then. Free with results_violation_release. */
struct results_violation_row *database_violation(const struct settings *settings,
                                                 results_t *results, int64_t id);

#endif
