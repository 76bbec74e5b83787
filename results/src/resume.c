/* SPDX-License-Identifier: MIT */
/* Going on with a run: which one, and what of it is done. */
#include "database.h"

int results_run_resume(results_t *results, const struct results_run *run, int64_t *id,
                       uint64_t *milliseconds)
{
    struct statement s;
    int row;

    statement_open(&s, results,
                   "SELECT id, coalesce(milliseconds, 0) FROM run "
                   "WHERE arguments = ? AND version = ? AND revision = ? ORDER BY id DESC LIMIT 1");
    statement_text(&s, run->arguments);
    statement_text(&s, run->version);
    statement_text(&s, run->commit);
    row = statement_row(&s, "looking for the run to go on with");
    if (row == 1) {
        *id = sqlite3_column_int64(s.handle, 0);
        *milliseconds = (uint64_t)sqlite3_column_int64(s.handle, 1);
    }
    statement_close(&s);
    if (row == 0)
        return database_fail(results, RESULTS_ENOROW, "%s: there is no such run to go on with",
                             results->path);
    if (row < 0)
        return row;
    statement_open(&s, results, "UPDATE run SET outcome = NULL WHERE id = ?");
    statement_number(&s, *id);
    return statement_run(&s, "going on with a run");
}

int results_run_more(results_t *results, int64_t run, bool more)
{
    struct statement s;

    statement_open(&s, results, "UPDATE run SET more = ? WHERE id = ?");
    statement_number(&s, more);
    statement_number(&s, run);
    return statement_run(&s, "saying whether there is more to play");
}

static const char *text(const struct statement *s, int column)
{
    return (const char *)sqlite3_column_text(s->handle, column);
}

static uint64_t count(const struct statement *s, int column)
{
    return (uint64_t)sqlite3_column_int64(s->handle, column);
}

int results_scenarios_each(results_t *results, int64_t run, results_scenario_visit *visit,
                           void *context)
{
    struct statement s;
    int row;

    statement_open(&s, results,
                   "SELECT name, copying, model, text, outcome, plays, stopped, complete, "
                   "crash_points, states, covered, paths, recoveries, violations, images_twice, "
                   "compared_points, compared_states, brute_recoveries, disagreements, "
                   "memory_bytes, record_ms, explore_ms FROM scenario WHERE run = ?");
    statement_number(&s, run);
    while ((row = statement_row(&s, "reading what a run has done")) == 1)
        visit(context, &(struct results_scenario){
                           .name = text(&s, 0),
                           .copying = text(&s, 1),
                           .model = text(&s, 2),
                           .text = text(&s, 3),
                           .outcome = text(&s, 4),
                           .plays = count(&s, 5),
                           .stopped = count(&s, 6) != 0,
                           .complete = count(&s, 7) != 0,
                           .crash_points = count(&s, 8),
                           .states = sqlite3_column_double(s.handle, 9),
                           .covered = sqlite3_column_double(s.handle, 10),
                           .paths = count(&s, 11),
                           .recoveries = count(&s, 12),
                           .violations = count(&s, 13),
                           .images_twice = count(&s, 14),
                           .compared_points = count(&s, 15),
                           .compared_states = count(&s, 16),
                           .brute_recoveries = count(&s, 17),
                           .disagreements = count(&s, 18),
                           .memory_bytes = count(&s, 19),
                           .record_ms = count(&s, 20),
                           .explore_ms = count(&s, 21),
                       });
    statement_close(&s);
    return row < 0 ? row : 0;
}

/* One way of playing one scenario, in the order in which statements name it. */
static void bind_play(struct statement *s, int64_t run, const char *name, const char *copying,
                      const char *model)
{
    statement_number(s, run);
    statement_text(s, name);
    statement_text(s, copying);
    statement_text(s, model);
}

int results_scenario_remove(results_t *results, int64_t run, const char *name, const char *copying,
                            const char *model)
{
    struct statement s;

    statement_open(&s, results,
                   "DELETE FROM scenario WHERE run = ? AND name = ? AND copying = ? AND model = ?");
    bind_play(&s, run, name, copying, model);
    return statement_run(&s, "taking back what was cut short");
}

/* ---- generated scenarios ---- */

int results_generated_add(results_t *results, int64_t run, const struct results_generated *range)
{
    struct statement s;
    int error;

    statement_open(&s, results,
                   "UPDATE generated SET last = ?1 WHERE run = ?2 AND name = ?3 AND copying = ?4 "
                   "AND model = ?5 AND last = ?6 - 1");
    statement_count(&s, range->last);
    bind_play(&s, run, range->name, range->copying, range->model);
    statement_count(&s, range->first);
    error = statement_run(&s, "adding to what was generated");
    if (error != 0 || sqlite3_changes(results->handle) > 0)
        return error;
    statement_open(&s, results,
                   "INSERT INTO generated (last, run, name, copying, model, first) "
                   "VALUES (?, ?, ?, ?, ?, ?)");
    statement_count(&s, range->last);
    bind_play(&s, run, range->name, range->copying, range->model);
    statement_count(&s, range->first);
    return statement_run(&s, "adding what was generated");
}

int results_generated_each(results_t *results, int64_t run, results_generated_visit *visit,
                           void *context)
{
    struct statement s;
    int row;

    statement_open(&s, results,
                   "SELECT name, copying, model, first, last FROM generated WHERE run = ?");
    statement_number(&s, run);
    while ((row = statement_row(&s, "reading what was generated")) == 1)
        visit(context, &(struct results_generated){.name = text(&s, 0),
                                                   .copying = text(&s, 1),
                                                   .model = text(&s, 2),
                                                   .first = count(&s, 3),
                                                   .last = count(&s, 4)});
    statement_close(&s);
    return row < 0 ? row : 0;
}
