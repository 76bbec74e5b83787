/* SPDX-License-Identifier: MIT */
/* What somebody may have meant who wrote a name that SQLite does not know. */
#ifndef RESULTS_SUGGEST_H
#define RESULTS_SUGGEST_H

#include "database.h"

/* Adds to SQLite's message about `sql` the nearest view, column or function, if it complains of
 * one. */
void suggest_nearest(results_t *results, const char *sql, char *message, size_t message_bytes);

bool suggest_is_view(results_t *results, const char *name);

#endif
