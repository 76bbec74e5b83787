/* SPDX-License-Identifier: MIT */
/* The plays of a run, a row and a map each, and what filters them. */
#include <stdlib.h>
#include <string.h>

#include "output/html.h"
#include "output/text.h"
#include "report.h"

/* ---- filters ---- */

static void put_choice(void *context, const char *const *values, size_t count)
{
    (void)count;
    html(context, "<option>%s</option>", values[0]);
}

/* A <select> of all values that a column has in this run. */
static int put_filter(const struct report *report, const char *column, const char *label)
{
    char *select =
        need_format("SELECT DISTINCT %s FROM v_scenario WHERE run = ?1 ORDER BY 1", column);
    html(report->out, "<label>%s <select name='%s'><option value=''>all</option>", label, column);
    int error = report_rows(report, select, put_choice, report->out);
    html(report->out, "</select></label>\n");
    free(select);
    return error;
}

static int put_filters(const struct report *report)
{
    html(report->out,
         "<form id='filters' role='search' aria-label='Filter scenarios and violations'>\n"
         "<label>Scenario <input type='search' name='scenario' placeholder='part of its "
         "name' autocomplete='off'></label>\n");
    int error = put_filter(report, "copying", "Copying");
    if (!error)
        error = put_filter(report, "model", "Model");
    if (!error)
        error = put_filter(report, "outcome", "Outcome");
    html(report->out, "<button type='reset'>Show all</button>\n"
                      "<output id='shown' name='shown'></output>\n</form>\n");
    return error;
}

/* ---- plays ---- */

enum {
    PLAY_ID,
    PLAY_SCENARIO,
    PLAY_COPYING,
    PLAY_MODEL,
    PLAY_OUTCOME,
    PLAY_ERROR,
    PLAY_COMPLETE,
    PLAY_POINTS,
    PLAY_COVERED,
    PLAY_RECOVERIES,
    PLAY_VIOLATIONS,
    PLAY_MILLISECONDS,
    PLAY_DESCRIPTION,
};

static const char select_plays[] =
    "SELECT scenario_id, scenario, copying, model, outcome, error, complete, crash_points, "
    "covered, "
    "recoveries, violations, record_ms + explore_ms, description FROM v_scenario WHERE run = ?1 "
    "ORDER BY violations = 0, outcome = 'clean', scenario, copying, model";

/* On a narrow screen most columns are hidden, and said in words instead. */
static void put_play(void *context, const char *const *play, size_t count)
{
    FILE *out = context;
    const char *recoveries = report_count(play[PLAY_RECOVERIES]);
    const char *violations = report_count(play[PLAY_VIOLATIONS]);
    const char *time = report_seconds(play[PLAY_MILLISECONDS]);
    (void)count;
    html(out,
         "<tr id='play-%s' data-scenario='%s' data-copying='%s' data-model='%s' "
         "data-outcome='%s' data-recoveries='%s' data-ms='%s'>",
         play[PLAY_ID], play[PLAY_SCENARIO], play[PLAY_COPYING], play[PLAY_MODEL],
         play[PLAY_OUTCOME], play[PLAY_RECOVERIES], play[PLAY_MILLISECONDS]);
    html(out,
         "<th scope='row'><span class='name'>%s</span>"
         "<span class='narrow'>%s, %s; recoveries: %s, violations: %s, time: %s</span>"
         "<span class='about'>%s</span>",
         play[PLAY_SCENARIO], play[PLAY_COPYING], play[PLAY_MODEL], recoveries, violations, time,
         play[PLAY_DESCRIPTION]);
    if (*play[PLAY_ERROR])
        html(out, "<span class='error'>%s</span>", play[PLAY_ERROR]);
    html(out,
         "</th><td class='wide'>%s</td><td class='wide'>%s</td>"
         "<td><span class='outcome %s'>%s</span></td>",
         play[PLAY_COPYING], play[PLAY_MODEL], play[PLAY_OUTCOME], play[PLAY_OUTCOME]);
    html(out,
         "<td class='n wider'>%s</td><td class='n wide'>%s</td><td class='n wide'>%s</td>"
         "<td class='n wide'>%s</td><td class='wider'>%s</td><td class='n "
         "wide'>%s</td></tr>\n",
         report_count(play[PLAY_POINTS]), report_states(play[PLAY_COVERED]), recoveries, violations,
         strcmp(play[PLAY_COMPLETE], "0") != 0 ? "yes" : "no", time);
}

/* The maps lie in the page as data, and are drawn when somebody wants to see them. */
struct maps {
    const struct report *report;
    size_t bytes, left_out;
    int error;
};

/* So that a page of thousands of plays can still be opened. Those with violations come first. */
enum { MOST_MAP_BYTES = 6 << 20 };

static void put_map(void *context, const char *const *play, size_t count)
{
    struct maps *maps = context;
    char *text;
    (void)count;
    if (maps->error)
        return;
    int error = results_map_get(maps->report->results, strtoll(play[PLAY_ID], NULL, 10), &text);
    if (error) {
        maps->error = error == RESULTS_ENOROW ? 0 : error;
        return;
    }
    maps->bytes += strlen(text);
    if (maps->bytes > MOST_MAP_BYTES) {
        maps->left_out++;
    } else {
        html(maps->report->out, "<script type='application/json' class='map' id='map-%s'>",
             play[PLAY_ID]);
        html_json(maps->report->out, text);
        html(maps->report->out, "</script>\n");
    }
    free(text);
}

static void put_left_out(const struct report *report, size_t maps)
{
    struct number number;
    if (maps > 0)
        html(report->out,
             "<p class='note'>The maps of %s plays are left out, or the page would be too large: "
             "run fewer scenarios or models to see them.</p>\n",
             text_count(&number, maps));
}

int report_plays(const struct report *report)
{
    static const struct html_column columns[] = {
        {"Scenario", ""},         {"Copying", "wide"},         {"Model", "wide"},
        {"Outcome", ""},          {"Crash points", "n wider"}, {"Crash states", "n wide"},
        {"Recoveries", "n wide"}, {"Violations", "n wide"},    {"Complete", "wider"},
        {"Time", "n wide"},
    };
    FILE *out = report->out;
    struct maps maps = {.report = report};
    html(out,
         "<section id='plays' aria-labelledby='plays-title'>\n"
         "<h2 id='plays-title'>Scenarios and maps</h2>\n"
         "<p>A row is a scenario played in one way of copying, under one persistency model. Its "
         "map shows what each crash did to each block; plays that were not simulated crash by "
         "crash, "
         "and those of databases from before there were maps, have none.</p>\n");
    int error = put_filters(report);
    html_table(out, "Plays of this run", "plays", columns, sizeof columns / sizeof *columns);
    if (!error)
        error = report_rows(report, select_plays, put_play, out);
    html_table_end(out);
    if (!error)
        error = report_rows(report, select_plays, put_map, &maps);
    put_left_out(report, maps.left_out);
    html(out, "</section>\n");
    return error ? error : maps.error;
}
