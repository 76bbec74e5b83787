/* SPDX-License-Identifier: MIT */
#include <results/manage.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "database.h"
#include "schema.h"

static uint64_t size_of(const char *path, const char *ending)
{
    struct stat status;
    char *name = sqlite3_mprintf("%s%s", path, ending);
    uint64_t bytes = name != NULL && stat(name, &status) == 0 ? (uint64_t)status.st_size : 0;

    sqlite3_free(name);
    return bytes;
}

int results_info(results_t *results, struct results_info *info)
{
    struct statement s;

    statement_open(
        &s, results,
        "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");
    int row = statement_row(&s, "asking for its free pages");
    if (row == 1)
        *info = (struct results_info){
            .schema = results->schema,
            .known = results->known_schema,
            .bytes = size_of(results->path, ""),
            .log_bytes = size_of(results->path, "-wal"),
            .free_bytes = (uint64_t)sqlite3_column_int64(s.handle, 0),
        };
    statement_close(&s);
    return row < 0 ? row : 0;
}

struct count {
    results_table_visit *visit;
    void *context;
};

static int count_rows(results_t *results, const struct schema_table *table, void *context)
{
    const struct count *count = context;
    sqlite3_stmt *statement = NULL;
    char *sql = sqlite3_mprintf("SELECT count(*) FROM \"%w\"", table->name);
    int error = 0;

    if (sql == NULL)
        return database_fail(results, -ENOMEM, "out of memory");
    if (sqlite3_prepare_v2(results->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        count->visit(count->context, table->name, (uint64_t)sqlite3_column_int64(statement, 0));
    else
        error = database_fail_sql(results, "counting rows");
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return error;
}

int results_tables_each(results_t *results, results_table_visit *visit, void *context)
{
    return schema_tables_each(results, count_rows, &(struct count){visit, context});
}

/* ---- letting go of runs ---- */

static const char *text(const struct statement *s, int column)
{
    return (const char *)sqlite3_column_text(s->handle, column);
}

struct chosen {
    int64_t *runs;
    size_t count;
};

static int choose(struct chosen *chosen, int64_t run)
{
    int64_t *grown = realloc(chosen->runs, (chosen->count + 1) * sizeof *grown);

    if (grown == NULL)
        return -ENOMEM;
    chosen->runs = grown;
    grown[chosen->count++] = run;
    return 0;
}

/* Tells of each run, and keeps the numbers of those that go. */
static int choose_runs(results_t *results, const struct results_prune *prune,
                       results_prune_visit *visit, void *context, struct chosen *chosen)
{
    struct statement s;
    int row, error = 0;

    statement_open(
        &s, results,
        "WITH aged AS ("
        "    SELECT id, row_number() OVER (ORDER BY id DESC) AS place, "
        "           julianday('now') - julianday(started) AS days FROM run) "
        "SELECT id, started, coalesce(outcome, 'interrupted'), command, "
        "       (SELECT count(*) FROM scenario JOIN violation ON violation.scenario = scenario.id "
        "        WHERE scenario.run = run.id), "
        "       CASE WHEN kept_for <> '' THEN 'it is kept for ' || kept_for "
        "            WHEN outcome IS NULL AND days < 1 THEN 'it may still go on' END "
        "FROM run JOIN aged USING (id) WHERE place > max(?, 1) AND days >= ? ORDER BY id");
    statement_count(&s, prune->keep);
    statement_count(&s, prune->older_days);
    while (error == 0 && (row = statement_row(&s, "looking for runs to remove")) != 0) {
        const struct results_pruned pruned = {
            .run = sqlite3_column_int64(s.handle, 0),
            .started = text(&s, 1),
            .outcome = text(&s, 2),
            .command = text(&s, 3),
            .violations = (uint64_t)sqlite3_column_int64(s.handle, 4),
            .spared = text(&s, 5),
        };
        error = row < 0 ? row : pruned.spared == NULL ? choose(chosen, pruned.run) : 0;
        if (error == 0)
            visit(context, &pruned);
    }
    statement_close(&s);
    return error;
}

static int remove_run(results_t *results, int64_t run)
{
    struct statement s;

    statement_open(&s, results, "DELETE FROM run WHERE id = ?");
    statement_number(&s, run);
    return statement_run(&s, "removing a run");
}

#define OLD_SELFTESTS                                                                              \
    "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS place, "                   \
    "julianday('now') - julianday(started) AS days FROM selftest) "                                \
    "WHERE place > max(?1, 1) AND days >= ?2"

static int prune_selftests(results_t *results, const struct results_prune *prune, uint64_t *count)
{
    struct statement s;

    statement_open(&s, results, "SELECT count(*) FROM (" OLD_SELFTESTS ")");
    statement_count(&s, prune->keep);
    statement_count(&s, prune->older_days);
    int row = statement_row(&s, "looking for self-tests to remove");
    if (row == 1)
        *count = (uint64_t)sqlite3_column_int64(s.handle, 0);
    statement_close(&s);
    if (row < 0 || prune->dry)
        return row < 0 ? row : 0;
    statement_open(&s, results, "DELETE FROM selftest WHERE id IN (" OLD_SELFTESTS ")");
    statement_count(&s, prune->keep);
    statement_count(&s, prune->older_days);
    return statement_run(&s, "removing self-tests");
}

int results_prune(results_t *results, const struct results_prune *prune, results_prune_visit *visit,
                  void *context, uint64_t *selftests)
{
    struct chosen chosen = {0};
    int error = prune->dry ? 0 : results_begin(results);

    if (error == 0)
        error = choose_runs(results, prune, visit, context, &chosen);
    for (size_t i = 0; i < chosen.count && error == 0 && !prune->dry; i++)
        error = remove_run(results, chosen.runs[i]);
    if (error == 0)
        error = prune_selftests(results, prune, selftests);
    if (error == 0 && !prune->dry)
        error = results_commit(results);
    if (error == -ENOMEM)
        database_fail(results, error, "out of memory");
    results_rollback(results);
    free(chosen.runs);
    return error;
}

int results_compact(results_t *results)
{
    int code = sqlite3_exec(results->handle, "VACUUM", NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_wal_checkpoint_v2(results->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                         NULL);
    return code == SQLITE_OK ? 0 : database_fail_sql(results, "giving back its free room");
}
