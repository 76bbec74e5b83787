/* SPDX-License-Identifier: MIT */
#include "schema.h"

int schema_tables_each(results_t *results, schema_visit *visit, void *context)
{
    struct statement s;
    int row, error = 0;

    statement_open(&s, results,
                   "SELECT t.name, "
                   "coalesce((SELECT \"from\" FROM pragma_foreign_key_list(t.name) WHERE \"table\" "
                   "= 'run'), ''), "
                   "coalesce((SELECT \"from\" FROM pragma_foreign_key_list(t.name) WHERE \"table\" "
                   "= 'scenario'), "
                   "'') FROM sqlite_schema AS t "
                   "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'views' "
                   "ORDER BY t.name <> 'run', t.name <> 'scenario', t.name");
    while (error == 0 && (row = statement_row(&s, "listing its tables")) != 0)
        error = row < 0 ? row
                        : visit(results,
                                &(struct schema_table){
                                    .name = (const char *)sqlite3_column_text(s.handle, 0),
                                    .by_run = (const char *)sqlite3_column_text(s.handle, 1),
                                    .by_scenario = (const char *)sqlite3_column_text(s.handle, 2),
                                },
                                context);
    statement_close(&s);
    return error;
}
