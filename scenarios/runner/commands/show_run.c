/* SPDX-License-Identifier: MIT */
#include "show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/grid.h"
#include "output/text.h"

enum { MOST_COLUMNS = 9 };

/* As catalog_play_name says it. */
#define PLAY                                                                                       \
    "scenario || CASE WHEN copying = 'lazy' AND model <> 'power-loss' THEN ' (lazy, ' || model "   \
    "|| ')' WHEN copying = 'lazy' THEN ' (lazy)' WHEN model <> 'power-loss' THEN ' (' || model "   \
    "|| ')' ELSE '' END"

/* A part of what is said of a run: all there is to scripts, and what fits to people. */
struct run_part {
    const char *title, *key, *all;
    const char *shown, *kinds; /* of its columns: 't'ext, 'c'ount, 's'tates, 'm'illiseconds */
    const char *headers[MOST_COLUMNS];
    bool records;   /* a line a value */
    size_t outcome; /* the column that holds one, from 1; 0: none does */
};

static const struct run_part run_parts[] = {
    {"Run",
     "run",
     "SELECT run, started, outcome, milliseconds / 1000.0 AS seconds, model, search, plan, seed, "
     "jobs FROM v_run WHERE run = :run",
     "SELECT 'r' || run, started, outcome, milliseconds, model, search, plan, seed, jobs FROM "
     "v_run WHERE run = CAST(?1 AS INTEGER)",
     "tttmttttt",
     {"run", "started", "outcome", "time", "model", "search", "fault", "seed", "jobs"},
     .records = true},
    {"Made with",
     "made_with",
     "SELECT version, revision, host, kernel, command FROM v_run WHERE run = :run",
     "SELECT version, revision, host, kernel, command FROM v_run WHERE run = CAST(?1 AS INTEGER)",
     "ttttt",
     {"version", "revision", "host", "kernel", "command"},
     .records = true},
    {"Scenarios",
     "scenarios",
     "SELECT scenario, copying, model, crash_points, covered AS crash_states, recoveries, "
     "violations, iif(complete, 'yes', 'no') AS complete, outcome, error FROM v_scenario "
     "WHERE run = :run ORDER BY scenario_id",
     "SELECT " PLAY ", crash_points, covered, recoveries, violations, "
     "outcome || iif(error = '', '', ': ' || error) FROM v_scenario WHERE run = CAST(?1 AS "
     "INTEGER) "
     "ORDER BY scenario_id",
     "tcscct",
     {"scenario", "crash\npoints", "crash\nstates", "recov-\neries", "viola-\ntions", "outcome"},
     .outcome = 6},
    {"Violations",
     "violations",
     "SELECT 'v' || violation AS violation, scenario, copying, model, verdict, side || ' ' || "
     "location AS crash, invariant, shrunk_pages AS pages, shrunk_steps AS steps "
     "FROM v_violation WHERE run = :run ORDER BY v_violation.violation",
     "SELECT 'v' || violation, " PLAY ", verdict || iif(invariant = '', '', ': ' || invariant), "
     "side || ' ' || location, shrunk_pages, shrunk_steps FROM v_violation WHERE run = CAST(?1 AS "
     "INTEGER) "
     "ORDER BY v_violation.violation",
     "ttttcc",
     {"", "scenario", "verdict", "crash", "pages", "steps"},
     .outcome = 3},
};

/* ---- for people ---- */

struct listing {
    const struct run_part *part;
    struct grid *grid;
    size_t rows;
};

static const char *cell_text(struct number *number, char kind, const char *value)
{
    if (!value || kind == 't')
        return value ? value : "";
    switch (kind) {
    case 'c':
        return text_count(number, strtoull(value, NULL, 10));
    case 's':
        return text_states(number, strtod(value, NULL));
    default:
        return text_seconds(number, strtoull(value, NULL, 10));
    }
}

/* What is neither clean nor incomplete is bad: violations, verdicts, failures. */
static enum text_style style_of(const struct run_part *part, const char *const *values)
{
    const char *outcome = part->outcome > 0 ? values[part->outcome - 1] : NULL;
    if (!outcome || strcmp(outcome, "clean") == 0)
        return STYLE_PLAIN;
    return strcmp(outcome, "incomplete") == 0 || strcmp(outcome, "interrupted") == 0
               ? STYLE_INCOMPLETE
               : STYLE_BAD;
}

static void add_row(void *context, const char *const *values, size_t count)
{
    struct listing *listing = context;
    struct number numbers[MOST_COLUMNS];
    const char *cells[MOST_COLUMNS] = {0};
    for (size_t i = 0; i < count; i++)
        cells[i] = cell_text(&numbers[i], listing->part->kinds[i], values[i]);
    grid_row(listing->grid, style_of(listing->part, values), cells);
    listing->rows++;
}

static int print_part(results_t *results, const struct run_part *part, const char *run)
{
    char alignment[MOST_COLUMNS + 1] = "";
    for (size_t i = 0; part->kinds[i]; i++)
        alignment[i] = part->kinds[i] == 't' ? 'l' : 'r';
    struct listing listing = {.part = part, .grid = grid_new(part->headers, alignment)};
    int error = results_rows(results, part->shown, &run, 1, add_row, &listing);
    if (!error && listing.rows > 0) {
        if (part != run_parts)
            printf("\n");
        text_styled(stdout, STYLE_STRONG, part->title);
        printf("\n");
        if (part->records)
            grid_print_records(listing.grid, stdout);
        else
            grid_print(listing.grid, stdout);
    }
    grid_free(listing.grid);
    return error;
}

/* ---- for scripts ---- */

static int print_json(results_t *results, const struct run_part *part, int64_t run)
{
    const struct results_terms terms = {.run = run};
    printf("%s\"%s\": ", part == run_parts ? "{" : ",\n", part->key);
    return results_query_on(results, part->all, &terms, RESULTS_JSON, stdout);
}

enum status show_run(const struct settings *settings, results_t *results, int64_t run)
{
    if (results_run_exists(results, run)) {
        complain("%s holds no run r%" PRId64 "; see 'pmacrash query \"SELECT run, started, command "
                 "FROM v_run\"'",
                 settings->db, run);
        return STATUS_USAGE;
    }
    char *number = need_format("%" PRId64, run);
    int error = 0;
    for (size_t i = 0; i < sizeof run_parts / sizeof *run_parts && !error; i++)
        error = settings->json ? print_json(results, &run_parts[i], run)
                               : print_part(results, &run_parts[i], number);
    free(number);
    if (error) {
        complain("%s", results_error(results));
        return STATUS_FAILED;
    }
    if (settings->json)
        printf("}\n");
    return STATUS_CLEAN;
}
