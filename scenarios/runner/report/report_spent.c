/* SPDX-License-Identifier: MIT */
/* Where the work of a run went: recoveries and time, by scenario and by fault point. */
#include "output/html.h"
#include "report.h"

static const char select_points[] =
    "SELECT location, sum(points), sum(recoveries), total(states), total(milliseconds) "
    "FROM v_total WHERE run = ?1 GROUP BY location ORDER BY sum(recoveries) DESC, location";

static void put_point(void *context, const char *const *point, size_t count)
{
    (void)count;
    html(context,
         "<tr><th scope='row'>%s</th><td class='n'>%s</td><td class='n'>%s</td>"
         "<td class='n wide'>%s</td><td class='n'>%s</td></tr>\n",
         point[0], report_count(point[1]), report_count(point[2]), report_states(point[3]),
         report_seconds(point[4]));
}

static const char select_never_hit[] =
    "SELECT point FROM v_coverage WHERE run = ?1 AND known AND hits = 0 ORDER BY point";

struct never_hit {
    FILE *out;
    size_t count;
};

static void put_never_hit(void *context, const char *const *point, size_t count)
{
    struct never_hit *never = context;
    (void)count;
    html(never->out,
         never->count++ == 0 ? "<p>Never hit in this run: <code>%s</code>" : ", <code>%s</code>",
         point[0]);
}

/* As numbers: [play, index of its fault point, recoveries, milliseconds]. */
static const char select_spent[] =
    "WITH name AS MATERIALIZED (SELECT location, row_number() OVER (ORDER BY location) - 1 AS at "
    "FROM (SELECT DISTINCT location FROM v_total WHERE run = ?1)), "
    "spent AS (SELECT scenario_id, at, sum(recoveries) AS n, sum(milliseconds) AS ms FROM v_total "
    "JOIN name USING (location) WHERE run = ?1 GROUP BY scenario_id, at) "
    "SELECT json_object('points', (SELECT json_group_array(location) FROM name), 'spent', "
    "(SELECT json_group_array(json_array(scenario_id, at, n, round(ms, 3))) FROM spent))";

static void put_json(void *context, const char *const *values, size_t count)
{
    (void)count;
    html(context, "<script type='application/json' id='spent-data'>");
    html_json(context, values[0]);
    html(context, "</script>\n");
}

int report_spent(const struct report *report)
{
    static const struct html_column columns[] = {
        {"Fault point or call", ""}, {"Crash points", "n"}, {"Recoveries", "n"},
        {"Crash states", "n wide"},  {"Time", "n"},
    };
    FILE *out = report->out;
    struct never_hit never = {.out = out};
    html(out, "<section id='spent' aria-labelledby='spent-title'>\n"
              "<h2 id='spent-title'>Where the work went</h2>\n"
              "<form id='spent-form' class='scripted' aria-label='What the chart shows'>\n"
              "<label>Show <select name='what'><option value='recoveries'>recoveries</option>"
              "<option value='ms'>time</option></select></label>\n"
              "<label>by <select name='by'><option value='scenario'>scenario</option>"
              "<option value='point'>fault point</option></select></label>\n"
              "</form>\n<figure id='spent-chart' class='scripted'></figure>\n"
              "<details><summary>All fault points, as a table</summary>\n");
    html_table(out, "Fault points and calls at which this run crashed", "", columns,
               sizeof columns / sizeof *columns);
    int error = report_rows(report, select_points, put_point, out);
    html_table_end(out);
    html(out, "</details>\n");
    if (!error)
        error = report_rows(report, select_never_hit, put_never_hit, &never);
    if (never.count > 0)
        html(out, ".</p>\n");
    if (!error)
        error = report_rows(report, select_spent, put_json, out);
    html(out, "</section>\n");
    return error;
}
