/* SPDX-License-Identifier: MIT */
/* The tables of a database as it is, so that code which treats all of them alike needs no list. */
#ifndef RESULTS_SCHEMA_H
#define RESULTS_SCHEMA_H

#include "database.h"

struct schema_table {
    const char *name;
    const char *by_run, *by_scenario; /* the columns that refer to them, "" if there is none */
};

/* Visits each table but the library's own, `run` first and `scenario` next; stops at what is not 0,
 * and returns it. */
typedef int schema_visit(results_t *results, const struct schema_table *table, void *context);
int schema_tables_each(results_t *results, schema_visit *visit, void *context);

#endif
