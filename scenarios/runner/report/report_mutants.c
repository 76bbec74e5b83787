/* SPDX-License-Identifier: MIT */
/* The kill matrix: planted bugs by kind, and what noticed them. */
#include <stdlib.h>
#include <string.h>

#include "output/html.h"
#include "output/text.h"
#include "report.h"

/* What a line lacks is empty: these come from a file, and nobody promises anything. */
#define FROM_MUTANTS                                                                               \
    "FROM (SELECT coalesce(value ->> 'mutant', '') AS mutant, "                                    \
    "coalesce(value ->> 'class', '') AS class, coalesce(value ->> 'outcome', '') AS outcome, "     \
    "coalesce(iif(value ->> 'outcome' = 'killed', value ->> 'oracle', value ->> 'outcome'), '') "  \
    "AS oracle, value ->> 'detail' AS detail, value ->> 'scenario' AS scenario, "                  \
    "value ->> 'copying' AS copying, value ->> 'model' AS model, "                                 \
    "value ->> 'recoveries' AS recoveries, value ->> 'seconds' AS seconds, "                       \
    "value ->> 'pages' AS pages, value ->> 'steps' AS steps FROM json_each(?1)) "

static int rows(const struct report *report, const char *select, results_row_visit *visit,
                void *context)
{
    return results_rows(report->results, select, &report->mutants, 1, visit, context);
}

/* ---- how many ---- */

static const char select_sum[] =
    "SELECT count(*), sum(outcome = 'killed'), sum(outcome = 'equivalent'), "
    "sum(outcome NOT IN ('killed', 'equivalent')) " FROM_MUTANTS;

static void put_sum(void *context, const char *const *sum, size_t count)
{
    (void)count;
    html(context,
         "<p>Each bug was planted in a copy of the library, and the campaign run until it noticed. "
         "Of %s planted bugs <strong>%s were killed</strong>; not found, or not tried: "
         "<strong>%s</strong>; without effect on anything that is promised: %s.</p>\n",
         sum[0], sum[1], sum[3], sum[2]);
}

/* ---- by class and oracle ---- */

/* Each class with each oracle, so that all rows of the table are equally long. */
static const char select_matrix[] =
    "WITH m AS MATERIALIZED (SELECT class, oracle, outcome " FROM_MUTANTS "), "
    "o AS (SELECT oracle, min(outcome <> 'killed') AS last, count(*) AS n FROM m GROUP BY oracle) "
    "SELECT c.class, o.oracle, (SELECT count(*) FROM m WHERE m.class = c.class AND m.oracle = "
    "o.oracle), o.last FROM (SELECT DISTINCT class FROM m) AS c CROSS JOIN o "
    "ORDER BY c.class, o.last, o.n DESC, o.oracle";

struct matrix {
    FILE *out;
    char *class; /* of the row that is open */
};

static void put_heading(void *context, const char *const *cell, size_t count)
{
    struct matrix *matrix = context;
    (void)count;
    if (!matrix->class)
        matrix->class = need_copy(cell[0]);
    if (strcmp(matrix->class, cell[0]) == 0)
        html(matrix->out, "<th scope='col' class='n'>%s</th>", cell[1]);
}

/* Bugs that were not found stand out; of the others there are few, some or many in a cell. */
static const char *cell_class(const char *oracle, const char *was_not_killed, long count)
{
    if (count == 0 || strcmp(oracle, "equivalent") == 0)
        return "";
    if (strcmp(was_not_killed, "1") == 0)
        return "bad";
    return count > 9 ? "many" : count > 2 ? "some" : "few";
}

static void put_cell(void *context, const char *const *cell, size_t count)
{
    struct matrix *matrix = context;
    long bugs = strtol(cell[2], NULL, 10);
    (void)count;
    if (!matrix->class || strcmp(matrix->class, cell[0]) != 0) {
        if (matrix->class)
            html(matrix->out, "</tr>\n");
        html(matrix->out, "<tr><th scope='row'>%s</th>", cell[0]);
        free(matrix->class);
        matrix->class = need_copy(cell[0]);
    }
    html(matrix->out, "<td class='n %s'>%s</td>", cell_class(cell[1], cell[3], bugs),
         bugs > 0 ? cell[2] : "");
}

static int put_matrix(const struct report *report)
{
    FILE *out = report->out;
    struct matrix head = {.out = out}, body = {.out = out};
    html(out, "<div class='scroll' role='region' aria-label='Kill matrix' tabindex='0'>\n"
              "<table class='matrix'><caption>How many bugs of each kind were noticed by what"
              "</caption><thead><tr><th scope='col'>Kind of bug</th>");
    int error = rows(report, select_matrix, put_heading, &head);
    html(out, "</tr></thead><tbody>\n");
    if (!error)
        error = rows(report, select_matrix, put_cell, &body);
    html(out, body.class ? "</tr>\n</tbody></table></div>\n" : "</tbody></table></div>\n");
    free(head.class);
    free(body.class);
    return error;
}

/* ---- one by one ---- */

static const char select_mutants[] =
    "SELECT mutant, class, oracle, detail, scenario, copying, model, recoveries, seconds, pages, "
    "steps " FROM_MUTANTS "ORDER BY outcome IN ('killed', 'equivalent'), outcome, class, mutant";

static const char *or_nothing(const char *text)
{
    return text && strcmp(text, "-") != 0 ? text : "";
}

static void put_mutant(void *context, const char *const *mutant, size_t count)
{
    FILE *out = context;
    html(out, "<tr><th scope='row'>%s</th><td>%s</td><td>%s", mutant[0], mutant[1], mutant[2]);
    if (*or_nothing(mutant[3]))
        html(out, "<span class='about'>%s</span>", mutant[3]);
    html(out, "</td>");
    for (size_t i = 4; i < count; i++)
        html(out, "<td class='%s wide'>%s</td>", i < 7 ? "" : "n", or_nothing(mutant[i]));
    html(out, "</tr>\n");
}

int report_mutants(const struct report *report)
{
    static const struct html_column columns[] = {
        {"Bug", ""},         {"Kind", ""},        {"Noticed by", ""},       {"Scenario", "wide"},
        {"Copying", "wide"}, {"Model", "wide"},   {"Recoveries", "n wide"}, {"Seconds", "n wide"},
        {"Pages", "n wide"}, {"Steps", "n wide"},
    };
    FILE *out = report->out;
    html(out, "<section id='mutants' aria-labelledby='mutants-title'>\n"
              "<h2 id='mutants-title'>Kill matrix</h2>\n");
    int error = rows(report, select_sum, put_sum, out);
    if (!error)
        error = put_matrix(report);
    html(out, "<details><summary>All planted bugs</summary>\n");
    html_table(out, "Planted bugs and what noticed them", "", columns,
               sizeof columns / sizeof *columns);
    if (!error)
        error = rows(report, select_mutants, put_mutant, out);
    html_table_end(out);
    html(out, "</details>\n</section>\n");
    return error;
}
