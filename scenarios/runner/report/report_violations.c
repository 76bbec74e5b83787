/* SPDX-License-Identifier: MIT */
/* The violations of a run, each as `pmacrash show` tells it. */
#include <stdlib.h>
#include <string.h>

#include "findings/story.h"
#include "output/html.h"
#include "output/text.h"
#include "report.h"

/* A run that a barrier is missing in can find thousands, which nobody reads one by one. */
enum { MOST_TOLD = 100 };

/* ---- a story as markup ---- */

/* Texts come wrapped for a terminal: greedily, at this width, what goes on indented more. */
enum { WRAPPED_AT = 76 };

/* A line as it was before it was wrapped. */
struct line {
    size_t indent;
    char *words; /* NULL at the end of the text */
};

static bool goes_on(size_t length, const char *next, size_t indent)
{
    size_t space = strspn(next, " "), word = strcspn(next + space, " \n");
    return space > indent && length <= WRAPPED_AT && length + 1 + word > WRAPPED_AT;
}

/* Takes the next line off the text. */
static struct line take_line(const char **text)
{
    const char *at = *text;
    size_t bytes, length = strcspn(at, "\n");
    struct line line = {.indent = strspn(at, " ")};
    if (!*at)
        return line;
    FILE *out = need(open_memstream(&line.words, &bytes));
    fprintf(out, "%.*s", (int)(length - line.indent), at + line.indent);
    while (at[length] == '\n' && goes_on(length, at + length + 1, line.indent)) {
        at += length + 1;
        length = strcspn(at, "\n");
        size_t space = strspn(at, " ");
        fprintf(out, " %.*s", (int)(length - space), at + space);
    }
    fclose(out);
    *text = at + length + (at[length] == '\n');
    return line;
}

static void put_lines(FILE *out, const char *text, const char *class)
{
    struct line line;
    html(out, "<ul class='%s' tabindex='0'>\n", class);
    while ((line = take_line(&text)).words) {
        html(out, line.indent < 4 ? "<li>%s</li>\n" : "<li class='in'>%s</li>\n", line.words);
        free(line.words);
    }
    html(out, "</ul>\n");
}

/* Lines without indentation are one paragraph until a blank one; the others are items. */
static void put_words(FILE *out, const char *text)
{
    struct line line;
    bool open = false;
    while ((line = take_line(&text)).words) {
        bool flows = *line.words && line.indent == 0;
        if (open && !flows)
            html(out, "</p>\n");
        if (!flows && *line.words)
            html(out, "<p class='item'>%s</p>\n", line.words);
        else if (flows)
            html(out, open ? " %s" : "<p>%s", line.words);
        open = flows;
        free(line.words);
    }
    if (open)
        html(out, "</p>\n");
}

static void put_commands(FILE *out, const char *text)
{
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        char *command = need_format("%.*s", (int)strcspn(line, "\n"), line);
        html(out, "<p class='command'><code>%s</code></p>\n", command);
        free(command);
    }
}

static void put_part(void *context, const struct story_part *part)
{
    FILE *out = context;
    if (part->title)
        html(out, "<h4>%s</h4>\n", part->title);
    switch (part->form) {
    case STORY_TITLE:
    case STORY_HEADLINE: /* in the summary, which is always seen */
        break;
    case STORY_WORDS:
        put_words(out, part->text);
        break;
    case STORY_STEPS:
        put_lines(out, part->text, "steps");
        break;
    case STORY_TIMELINE:
        put_lines(out, part->text, "timeline");
        break;
    case STORY_ROWS:
        html(out, "<pre tabindex='0'>%s</pre>\n", part->text);
        break;
    case STORY_COMMANDS:
        put_commands(out, part->text);
        break;
    }
}

/* ---- one violation ---- */

struct violations {
    const struct report *report;
    size_t count;
    int error;
};

enum {
    VIOLATION_ID,
    VIOLATION_SCENARIO,
    VIOLATION_COPYING,
    VIOLATION_MODEL,
    VIOLATION_VERDICT,
    VIOLATION_PLAY,
    VIOLATION_PAGES,
    VIOLATION_MEASURED,
    VIOLATION_STEPS,
    VIOLATION_ALL_STEPS,
};

/* Those that were made small first: they tell more. */
static const char select_violations[] =
    "SELECT violation, scenario, copying, model, verdict, scenario_id, shrunk_pages, measured, "
    "shrunk_steps, steps FROM v_violation WHERE run = ?1 "
    "ORDER BY shrunk_pages IS NULL AND shrunk_steps IS NULL, violation";

static void put_summary_line(void *context, const struct story_part *part)
{
    FILE *out = context;
    if (part->form == STORY_HEADLINE)
        html(out, "<span class='headline'>%s</span>", part->text);
}

static void put_shrunk(FILE *out, const char *const *row)
{
    const char *pages = row[VIOLATION_PAGES];
    if (row[VIOLATION_STEPS])
        html(out, "<p class='shrunk'>It takes %s of the scenario's %s steps.</p>\n",
             row[VIOLATION_STEPS], row[VIOLATION_ALL_STEPS]);
    if (pages)
        html(out, "<p class='shrunk'>%s %s from the legal state in which %s.</p>\n", pages,
             strcmp(pages, "1") == 0 ? "page, length or name differs"
                                     : "pages, lengths or names differ",
             row[VIOLATION_MEASURED]);
}

static void put_violation(void *context, const char *const *row, size_t count)
{
    struct violations *all = context;
    const struct report *report = all->report;
    FILE *out = report->out;
    struct results_violation_row *violation;
    (void)count;
    if (all->error || all->count++ >= MOST_TOLD)
        return;
    all->error =
        results_violation_get(report->results, strtoll(row[VIOLATION_ID], NULL, 10), &violation);
    if (all->error)
        return;
    html(out,
         "<details class='violation' id='v%s' data-scenario='%s' data-copying='%s' "
         "data-model='%s' data-outcome='violations'%s>\n<summary><h3>v%s: %s</h3> "
         "<span class='where'>%s, %s, %s</span> ",
         row[VIOLATION_ID], row[VIOLATION_SCENARIO], row[VIOLATION_COPYING], row[VIOLATION_MODEL],
         all->count == 1 ? " open" : "", row[VIOLATION_ID], row[VIOLATION_VERDICT],
         row[VIOLATION_SCENARIO], row[VIOLATION_COPYING], row[VIOLATION_MODEL]);
    story_tell(violation, report->db, put_summary_line, out);
    html(out, "</summary>\n<div class='story'>\n");
    put_shrunk(out, row);
    story_tell(violation, report->db, put_part, out);
    html(out,
         "<p><a class='to-map' href='#play-%s'>Its scenario and map</a></p>\n</div>\n"
         "</details>\n",
         row[VIOLATION_PLAY]);
    results_violation_release(violation);
}

int report_violations(const struct report *report)
{
    FILE *out = report->out;
    struct violations all = {.report = report};
    html(out, "<section id='violations' aria-labelledby='violations-title'>\n"
              "<h2 id='violations-title'>Violations</h2>\n");
    int error = report_rows(report, select_violations, put_violation, &all);
    if (all.count == 0)
        html(out, "<p>None.</p>\n");
    if (all.count > MOST_TOLD) {
        struct number number;
        html(out,
             "<p class='note'>%s more are in the database: <code>pmacrash query violations</code> "
             "lists them, <code>pmacrash show vN</code> tells one.</p>\n",
             text_count(&number, all.count - MOST_TOLD));
    }
    html(out, "</section>\n");
    return error ? error : all.error;
}
