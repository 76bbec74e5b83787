/* SPDX-License-Identifier: MIT */
/* What a run writes, but for violations. */
#include <inttypes.h>

#include "database.h"

static const char *text_or(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

int results_run_add(results_t *results, const struct results_run *run, int64_t *id)
{
    struct statement s;
    char seed[24];

    snprintf(seed, sizeof seed, "%" PRIu64, run->seed);
    statement_open(&s, results,
                   "INSERT INTO run (version, revision, host, kernel, command, model, search, "
                   "plan, seed, jobs, depth, arguments, subcommand, selection, mode, kills, grain, "
                   "copying, sweep, errors, points, budget_ms) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    statement_text(&s, run->version);
    statement_text(&s, run->commit);
    statement_text(&s, run->host);
    statement_text(&s, run->kernel);
    statement_text(&s, run->command);
    statement_text(&s, run->model);
    statement_text(&s, run->search);
    statement_text(&s, run->plan);
    statement_text(&s, seed);
    statement_count(&s, run->jobs);
    statement_count(&s, run->depth);
    statement_text(&s, run->arguments);
    statement_text(&s, text_or(run->subcommand, "run"));
    statement_text(&s, run->selection);
    statement_text(&s, text_or(run->mode, "simulate"));
    statement_count(&s, run->kills);
    statement_text(&s, text_or(run->grain, "call"));
    statement_text(&s, text_or(run->copying, "both"));
    statement_text(&s, text_or(run->sweep, "none"));
    statement_text(&s, run->errors);
    statement_text(&s, run->points);
    statement_count_or_null(&s, run->budget_ms > 0, run->budget_ms);
    int error = statement_run(&s, "adding a run");
    if (error == 0)
        *id = sqlite3_last_insert_rowid(results->handle);
    return error;
}

/* Runs an UPDATE of one run, which must be there. */
static int change_run(struct statement *s, int64_t run, const char *what)
{
    int error = statement_run(s, what);

    if (error == 0 && sqlite3_changes(s->results->handle) == 0)
        return database_fail(s->results, RESULTS_ENOROW, "%s: there is no run %" PRId64,
                             s->results->path, run);
    return error;
}

int results_run_finish(results_t *results, int64_t run, const char *outcome, uint64_t milliseconds)
{
    struct statement s;

    statement_open(&s, results, "UPDATE run SET outcome = ?, milliseconds = ? WHERE id = ?");
    statement_text(&s, outcome);
    statement_count(&s, milliseconds);
    statement_number(&s, run);
    return change_run(&s, run, "finishing a run");
}

int results_run_keep(results_t *results, int64_t run, const char *kept_for)
{
    struct statement s;

    statement_open(&s, results, "UPDATE run SET kept_for = ? WHERE id = ?");
    statement_text(&s, kept_for);
    statement_number(&s, run);
    int error = change_run(&s, run, "keeping a run");
    if (error != 0)
        return error;
    statement_open(&s, results, "UPDATE run SET kept_for = '' WHERE kept_for = ? AND id <> ?");
    statement_text(&s, kept_for);
    statement_number(&s, run);
    return statement_run(&s, "letting go of the run that was kept before");
}

int results_last_run(results_t *results, int64_t *run)
{
    struct statement s;

    statement_open(&s, results, "SELECT id FROM run ORDER BY id DESC LIMIT 1");
    int row = statement_row(&s, "looking for the latest run");
    if (row == 1)
        *run = sqlite3_column_int64(s.handle, 0);
    statement_close(&s);
    if (row == 0)
        return database_fail(results, RESULTS_ENOROW,
                             "%s: holds no run yet; `pmacrash run` makes one", results->path);
    return row < 0 ? row : 0;
}

int results_run_exists(results_t *results, int64_t run)
{
    struct statement s;

    statement_open(&s, results, "SELECT 1 FROM run WHERE id = ?");
    statement_number(&s, run);
    int row = statement_row(&s, "looking for a run");
    statement_close(&s);
    if (row == 0)
        return database_fail(results, RESULTS_ENOROW,
                             "%s holds no run r%" PRId64 "; see 'pmacrash query history'",
                             results->path, run);
    return row < 0 ? row : 0;
}

#define ADD_SCENARIO                                                                               \
    "INSERT INTO scenario (run, name, copying, model, description, file, text, outcome, error, "   \
    "complete, crash_points, states, covered, paths, recoveries, violations, images_twice, "       \
    "compared_points, compared_states, brute_recoveries, disagreements, trace_events, "            \
    "trace_bytes, memory_bytes, record_ms, explore_ms, plays, stopped, recordings, searched) "     \
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " \
    "?, ?)"

static int put_scenario(results_t *results, const char *sql, int64_t run,
                        const struct results_scenario *scenario, int64_t *id)
{
    struct statement s;

    statement_open(&s, results, sql);
    statement_number(&s, run);
    statement_text(&s, scenario->name);
    statement_text(&s, scenario->copying);
    statement_text(&s, scenario->model);
    statement_text(&s, scenario->description);
    statement_text(&s, scenario->file);
    statement_text(&s, scenario->text);
    statement_text(&s, scenario->outcome);
    statement_text(&s, scenario->error);
    statement_number(&s, scenario->complete);
    statement_count(&s, scenario->crash_points);
    statement_real(&s, scenario->states);
    statement_real(&s, scenario->covered);
    statement_count(&s, scenario->paths);
    statement_count(&s, scenario->recoveries);
    statement_count(&s, scenario->violations);
    statement_count(&s, scenario->images_twice);
    statement_count(&s, scenario->compared_points);
    statement_count(&s, scenario->compared_states);
    statement_count(&s, scenario->brute_recoveries);
    statement_count(&s, scenario->disagreements);
    statement_count(&s, scenario->trace_events);
    statement_count(&s, scenario->trace_bytes);
    statement_count(&s, scenario->memory_bytes);
    statement_count(&s, scenario->record_ms);
    statement_count(&s, scenario->explore_ms);
    statement_count(&s, scenario->plays > 0 ? scenario->plays : 1);
    statement_number(&s, scenario->stopped);
    statement_count(&s, scenario->recordings);
    statement_count(&s, scenario->searched);
    int row = statement_row(&s, "adding a scenario");
    if (row == 1)
        *id = sqlite3_column_int64(s.handle, 0);
    statement_close(&s);
    return row < 0 ? row : 0;
}

int results_scenario_add(results_t *results, int64_t run, const struct results_scenario *scenario,
                         int64_t *id)
{
    return put_scenario(results, ADD_SCENARIO " RETURNING id", run, scenario, id);
}

int results_scenario_merge(results_t *results, int64_t run, const struct results_scenario *scenario,
                           int64_t *id)
{
    return put_scenario(results,
                        ADD_SCENARIO
                        " ON CONFLICT DO UPDATE SET "
                        "crash_points = crash_points + excluded.crash_points, "
                        "states = states + excluded.states, "
                        "covered = covered + excluded.covered, "
                        "paths = paths + excluded.paths, "
                        "recoveries = recoveries + excluded.recoveries, "
                        "violations = violations + excluded.violations, "
                        "images_twice = images_twice + excluded.images_twice, "
                        "compared_points = compared_points + excluded.compared_points, "
                        "compared_states = compared_states + excluded.compared_states, "
                        "brute_recoveries = brute_recoveries + excluded.brute_recoveries, "
                        "disagreements = disagreements + excluded.disagreements, "
                        "trace_events = trace_events + excluded.trace_events, "
                        "trace_bytes = trace_bytes + excluded.trace_bytes, "
                        "record_ms = record_ms + excluded.record_ms, "
                        "explore_ms = explore_ms + excluded.explore_ms, "
                        "plays = plays + excluded.plays, "
                        "recordings = recordings + excluded.recordings, "
                        "searched = searched + excluded.searched, "
                        "memory_bytes = max(memory_bytes, excluded.memory_bytes), "
                        "outcome = iif(outcome = 'clean', excluded.outcome, outcome), "
                        "complete = min(complete, excluded.complete) RETURNING id",
                        run, scenario, id);
}

int results_fault_point_add(results_t *results, const char *name, const char *kind,
                            const char *description)
{
    struct statement s;

    statement_open(&s, results,
                   "INSERT INTO fault_point (name, kind, description) VALUES (?, ?, ?) "
                   "ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, "
                   "description = excluded.description");
    statement_text(&s, name);
    statement_text(&s, kind);
    statement_text(&s, description);
    return statement_run(&s, "adding a fault point");
}

int results_coverage_add(results_t *results, int64_t scenario, const char *point, uint64_t hits,
                         uint64_t crashed_at)
{
    struct statement s;

    statement_open(&s, results,
                   "INSERT INTO coverage (scenario, point, hits, crashed_at) VALUES (?, ?, ?, ?) "
                   "ON CONFLICT (scenario, point) DO UPDATE SET hits = hits + excluded.hits, "
                   "crashed_at = crashed_at + excluded.crashed_at");
    statement_number(&s, scenario);
    statement_text(&s, point);
    statement_count(&s, hits);
    statement_count(&s, crashed_at);
    return statement_run(&s, "adding coverage");
}

int results_total_add(results_t *results, int64_t scenario, const struct results_total *total)
{
    struct statement s;

    statement_open(&s, results,
                   "INSERT INTO total (scenario, location, model, verdict, points, paths, "
                   "recoveries, states, nanoseconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                   "ON CONFLICT (scenario, location, model, verdict) DO UPDATE SET "
                   "points = points + excluded.points, paths = paths + excluded.paths, "
                   "recoveries = recoveries + excluded.recoveries, "
                   "states = states + excluded.states, "
                   "nanoseconds = nanoseconds + excluded.nanoseconds");
    statement_number(&s, scenario);
    statement_text(&s, total->where);
    statement_text(&s, total->model);
    statement_text(&s, total->verdict);
    statement_count(&s, total->points);
    statement_count(&s, total->paths);
    statement_count(&s, total->recoveries);
    statement_real(&s, total->states);
    statement_count(&s, total->nanoseconds);
    return statement_run(&s, "adding totals");
}

int results_nested_add(results_t *results, int64_t scenario, const struct results_nested *nested)
{
    struct statement s;

    statement_open(&s, results,
                   "INSERT INTO nested (scenario, depth, power_failures, kills, crash_points, "
                   "states, covered, paths, recoveries, violations) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                   "ON CONFLICT (scenario, depth) DO UPDATE SET "
                   "power_failures = power_failures + excluded.power_failures, "
                   "kills = kills + excluded.kills, "
                   "crash_points = crash_points + excluded.crash_points, "
                   "states = states + excluded.states, covered = covered + excluded.covered, "
                   "paths = paths + excluded.paths, recoveries = recoveries + excluded.recoveries, "
                   "violations = violations + excluded.violations");
    statement_number(&s, scenario);
    statement_count(&s, nested->depth);
    statement_count(&s, nested->power_failures);
    statement_count(&s, nested->kills);
    statement_count(&s, nested->crash_points);
    statement_real(&s, nested->states);
    statement_real(&s, nested->covered);
    statement_count(&s, nested->paths);
    statement_count(&s, nested->recoveries);
    statement_count(&s, nested->violations);
    return statement_run(&s, "adding what a depth came to");
}
