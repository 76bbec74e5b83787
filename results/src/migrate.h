/* SPDX-License-Identifier: MIT */
/* Whose database it is, and how it becomes what this version expects. */
#ifndef RESULTS_MIGRATE_H
#define RESULTS_MIGRATE_H

#include "database.h"

/* Whether a database can be read: ours, and not newer than this version. *current: it is as this
 * version makes them, views included. */
int migrate_check(results_t *results, bool *current);

/* Makes an empty file a database of ours, or brings an older one up to date; refreshes the views.
 */
int migrate(results_t *results);

#endif
