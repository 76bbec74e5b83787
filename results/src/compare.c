/* SPDX-License-Identifier: MIT */
#include <results/compare.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "database.h"

struct results_comparison {
    results_t *memory; /* a database in memory, which compare.sql makes */
    char *worse;
};

/* The tables of compare.sql, and where their rows come from. */
static const struct source {
    const char *insert, *select; /* ?1: the run; the side is put in front of the columns */
} sources[] = {
    {"INSERT INTO asked VALUES (?1, ?2, ?3)",
     "WITH r AS (SELECT * FROM v_run WHERE run = CAST(?1 AS INTEGER)) "
     "SELECT 'commit', revision FROM r UNION ALL SELECT 'version', version FROM r "
     "UNION ALL SELECT 'subcommand', subcommand FROM r "
     "UNION ALL SELECT 'scenarios', selection FROM r UNION ALL SELECT 'model', model FROM r "
     "UNION ALL SELECT 'search', search FROM r UNION ALL SELECT 'mode', mode FROM r "
     "UNION ALL SELECT 'grain', grain FROM r UNION ALL SELECT 'depth', depth FROM r "
     "UNION ALL SELECT 'copying', copying FROM r UNION ALL SELECT 'sweep', sweep FROM r "
     "UNION ALL SELECT 'errors', errors FROM r UNION ALL SELECT 'points', points FROM r "
     "UNION ALL SELECT 'fault plan', plan FROM r UNION ALL SELECT 'seed', seed FROM r"},
    {"INSERT INTO kind VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
     "SELECT scenario, copying, model, "
     "verdict || iif(invariant <> '', ': ' || invariant, ' at ' || location) AS what, count(*), "
     "min(violation) FROM v_violation WHERE run = CAST(?1 AS INTEGER) "
     "GROUP BY scenario, copying, model, what"},
    {"INSERT INTO play VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
     "SELECT scenario, copying, model, outcome, error, complete, plays, crash_points, "
     "record_ms + explore_ms FROM v_scenario WHERE run = CAST(?1 AS INTEGER)"},
    {"INSERT INTO point VALUES (?1, ?2, ?3, ?4)",
     "SELECT point, hits, crashed_at FROM v_coverage WHERE run = CAST(?1 AS INTEGER)"},
};

/* One source on its way into the comparison. */
struct transfer {
    sqlite3_stmt *insert;
    int side, code;
};

static void take_row(void *context, const char *const *values, size_t count)
{
    struct transfer *transfer = context;

    if (transfer->code != SQLITE_DONE)
        return;
    sqlite3_bind_int(transfer->insert, 1, transfer->side);
    for (size_t i = 0; i < count; i++)
        sqlite3_bind_text(transfer->insert, (int)i + 2, values[i], -1, SQLITE_STATIC);
    transfer->code = sqlite3_step(transfer->insert);
    sqlite3_reset(transfer->insert);
}

static int copy_source(sqlite3 *handle, const struct source *source, int side,
                       const struct results_side *from, char *message, size_t message_bytes)
{
    struct transfer transfer = {.side = side, .code = SQLITE_DONE};
    char run[24];
    int error = 0;

    snprintf(run, sizeof run, "%" PRId64, from->run);
    if (sqlite3_prepare_v2(handle, source->insert, -1, &transfer.insert, NULL) != SQLITE_OK)
        transfer.code = SQLITE_ERROR;
    else
        error = results_rows(from->results, source->select, (const char *[]){run}, 1, take_row,
                             &transfer);
    if (error != 0)
        data_message(message, message_bytes, "%s", results_error(from->results));
    else if (transfer.code != SQLITE_DONE)
        data_message(message, message_bytes, "comparing: %s", sqlite3_errmsg(handle));
    sqlite3_finalize(transfer.insert);
    return error != 0 ? error : transfer.code != SQLITE_DONE ? RESULTS_ESQL : 0;
}

static int copy_side(sqlite3 *handle, int side, const struct results_side *from, char *message,
                     size_t message_bytes)
{
    int error = results_run_exists(from->results, from->run);

    if (error != 0)
        data_message(message, message_bytes, "%s", results_error(from->results));
    for (size_t i = 0; i < sizeof sources / sizeof *sources && error == 0; i++)
        error = copy_source(handle, &sources[i], side, from, message, message_bytes);
    return error;
}

static int open_empty(results_t *memory, char *message, size_t message_bytes)
{
    char *sql = NULL;
    int error = data_read("sql", "compare.sql", &sql, message, message_bytes);

    if (error != 0)
        return error;
    memory->path = strdup("comparing");
    if (memory->path == NULL || sqlite3_open(":memory:", &memory->handle) != SQLITE_OK)
        error = -ENOMEM;
    else if (sqlite3_exec(memory->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        error = RESULTS_ESQL;
    if (error != 0)
        data_message(message, message_bytes, "compare.sql: %s", sqlite3_errmsg(memory->handle));
    free(sql);
    return error;
}

static void keep_judgement(void *context, const char *const *values, size_t count)
{
    char **worse = context;

    *worse = strdup(values[0]);
}

static int judge(results_comparison_t *made, char *message, size_t message_bytes)
{
    int error = results_rows(made->memory, "SELECT worse FROM judgement", NULL, 0, keep_judgement,
                             &made->worse);

    if (error == 0 && made->worse == NULL)
        error = -ENOMEM;
    if (error != 0)
        data_message(message, message_bytes, "%s",
                     error == -ENOMEM ? "out of memory" : results_error(made->memory));
    return error;
}

int results_compare(const struct results_side *before, const struct results_side *after,
                    results_comparison_t **comparison, char *message, size_t message_bytes)
{
    results_comparison_t *made = calloc(1, sizeof *made);
    int error = -ENOMEM;

    *comparison = NULL;
    if (made != NULL && (made->memory = calloc(1, sizeof *made->memory)) != NULL)
        error = open_empty(made->memory, message, message_bytes);
    else
        data_message(message, message_bytes, "out of memory");
    if (error == 0)
        error = copy_side(made->memory->handle, 0, before, message, message_bytes);
    if (error == 0)
        error = copy_side(made->memory->handle, 1, after, message, message_bytes);
    if (error == 0)
        error = judge(made, message, message_bytes);
    if (error == 0)
        *comparison = made;
    else
        results_comparison_free(made);
    return error;
}

void results_comparison_free(results_comparison_t *comparison)
{
    if (comparison == NULL)
        return;
    results_close(comparison->memory);
    free(comparison->worse);
    free(comparison);
}

const char *results_comparison_worse(const results_comparison_t *comparison)
{
    return comparison->worse;
}

int results_comparison_print(results_comparison_t *comparison, enum results_format format,
                             FILE *out)
{
    return results_query(comparison->memory,
                         "SELECT change, worse, scenario, copying, model, what, before, after "
                         "FROM difference",
                         format, out);
}

int results_comparison_each(results_comparison_t *comparison, results_row_visit *visit,
                            void *context)
{
    return results_rows(comparison->memory, "SELECT * FROM shown", NULL, 0, visit, context);
}
