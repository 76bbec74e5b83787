/* SPDX-License-Identifier: MIT */
/* The page as a whole, its head, and what is said first. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "text.h"

static struct number *next_number(void)
{
    static struct number numbers[8];
    static unsigned next;
    return &numbers[next++ % (sizeof numbers / sizeof *numbers)];
}

const char *report_count(const char *value)
{
    return value ? text_count(next_number(), strtoull(value, NULL, 10)) : "";
}

const char *report_states(const char *value)
{
    return value ? text_states(next_number(), strtod(value, NULL)) : "";
}

const char *report_seconds(const char *milliseconds)
{
    return milliseconds ? text_seconds(next_number(), (uint64_t)strtod(milliseconds, NULL)) : "";
}

int report_rows(const struct report *report, const char *select, results_row_visit *visit,
                void *context)
{
    return results_rows(report->results, select, &report->run, 1, visit, context);
}

/* ---- the verdict ---- */

struct outcome_words {
    const char *outcome, *mark, *headline, *sentence;
};

/* The first is for outcomes that a later version may add. */
static const struct outcome_words words[] = {
    {"", "?", "It ended in an unknown way", ""},
    {"clean", "\u2713", "Nothing was lost",
     "Every file content that a crash could leave was covered, and every recovery was right."},
    {"violations", "\u2717", "Violations were found",
     "There are crashes after which something that was promised is lost or broken."},
    {"incomplete", "\u2026", "Not all was covered",
     "What was covered is right, but not every crash state was: the result is bounded, or the time "
     "was used up."},
    {"interrupted", "\u2026", "It was interrupted", "What was done until then is kept."},
    {"failed", "!", "Something could not be tested",
     "A scenario could not be played to its end; its row says why."},
};

static const struct outcome_words *words_for(const char *outcome)
{
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].outcome, outcome) == 0)
            return &words[i];
    return &words[0];
}

static void put_figure(FILE *out, const char *key, const char *label, const char *value)
{
    html(out, "<div><dt>%s</dt><dd data-figure='%s'>%s</dd></div>\n", label, key, value);
}

static void put_fact(FILE *out, const char *label, const char *value)
{
    if (value && *value)
        html(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", label, value);
}

/* The columns of the SELECT below. */
enum {
    RUN_OUTCOME,
    RUN_PLAYS,
    RUN_POINTS,
    RUN_COVERED,
    RUN_RECOVERIES,
    RUN_VIOLATIONS,
    RUN_MILLISECONDS,
    RUN_STARTED,
    RUN_COMMAND,
    RUN_MODEL,
    RUN_SEARCH,
    RUN_PLAN,
    RUN_SEED,
    RUN_JOBS,
    RUN_DEPTH,
    RUN_VERSION,
    RUN_REVISION,
    RUN_HOST,
    RUN_KERNEL,
    RUN_UUID,
};

static const char select_run[] =
    "SELECT outcome, plays, crash_points, covered, recoveries, violations, milliseconds, started, "
    "command, model, search, plan, seed, jobs, depth, version, revision, host, kernel, uuid "
    "FROM v_run WHERE run = ?1";

static void put_verdict(void *context, const char *const *run, size_t count)
{
    const struct report *report = context;
    FILE *out = report->out;
    const struct outcome_words *verdict = words_for(run[RUN_OUTCOME]);
    (void)count;
    html(out,
         "<section id='verdict' class='verdict %s' aria-labelledby='verdict-title'>\n"
         "<p class='mark' aria-hidden='true'>%s</p>\n"
         "<h2 id='verdict-title'>%s</h2>\n<p>%s</p>\n<dl class='figures'>\n",
         run[RUN_OUTCOME], verdict->mark, verdict->headline, verdict->sentence);
    put_figure(out, "violations", "violations", report_count(run[RUN_VIOLATIONS]));
    put_figure(out, "covered", "crash states covered", report_states(run[RUN_COVERED]));
    put_figure(out, "crash_points", "crash points", report_count(run[RUN_POINTS]));
    put_figure(out, "recoveries", "recoveries", report_count(run[RUN_RECOVERIES]));
    put_figure(out, "plays", "plays of scenarios", report_count(run[RUN_PLAYS]));
    put_figure(out, "milliseconds", "time",
               run[RUN_MILLISECONDS] ? report_seconds(run[RUN_MILLISECONDS]) : "not finished");
    html(out, "</dl>\n<details><summary>What was run</summary>\n<dl class='facts'>\n");
    put_fact(out, "Command", run[RUN_COMMAND]);
    put_fact(out, "Started", run[RUN_STARTED]);
    put_fact(out, "Models", run[RUN_MODEL]);
    put_fact(out, "Search", run[RUN_SEARCH]);
    put_fact(out, "Planned faults", run[RUN_PLAN]);
    put_fact(out, "Crashes in a row", run[RUN_DEPTH]);
    put_fact(out, "Seed", run[RUN_SEED]);
    put_fact(out, "Processes", run[RUN_JOBS]);
    put_fact(out, "pmacrash", run[RUN_VERSION]);
    put_fact(out, "Built from", run[RUN_REVISION]);
    put_fact(out, "Machine", run[RUN_HOST]);
    put_fact(out, "Kernel", run[RUN_KERNEL]);
    put_fact(out, "Database", report->db);
    put_fact(out, "Name in all databases", run[RUN_UUID]);
    html(out, "</dl></details>\n</section>\n");
}

int report_verdict(const struct report *report)
{
    return report_rows(report, select_run, put_verdict, (void *)report);
}

/* ---- the page ---- */

static void put_head(const struct report *report)
{
    FILE *out = report->out;
    html(out,
         "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
         "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
         "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
         "<meta name='color-scheme' content='light dark'>\n"
         "<title>pmacrash: run r%s</title>\n<style>\n",
         report->run);
    fputs(report_style, out);
    html(out,
         "</style>\n</head>\n<body>\n<a class='skip' href='#main'>Skip to the verdict</a>\n"
         "<header>\n<h1>pmacrash <span>run r%s</span></h1>\n"
         "<nav aria-label='Parts of the page'><a href='#verdict'>Verdict</a> "
         "<a href='#violations'>Violations</a> <a href='#plays'>Scenarios and maps</a> "
         "<a href='#spent'>Where the work went</a>",
         report->run);
    if (report->mutants)
        html(out, " <a href='#mutants'>Kill matrix</a>");
    html(out, "</nav>\n</header>\n<main id='main'>\n"
              "<noscript><p class='note'>Maps, charts and filters need JavaScript. All figures "
              "are here without it.</p></noscript>\n");
}

static void put_foot(const struct report *report)
{
    FILE *out = report->out;
    html(out,
         "</main>\n<footer><p>Made by pmacrash from <code>%s</code>. Charts by d3 (Mike "
         "Bostock, BSD 3-clause license).</p></footer>\n"
         "<p id='said' class='unseen' role='status'></p>\n<script>\n",
         report->db);
    fputs(report_d3, out);
    html(out, "\n</script>\n<script>\n");
    fputs(report_script, out);
    html(out, "</script>\n</body>\n</html>\n");
}

int report_page(const struct report *report)
{
    put_head(report);
    int error = report_verdict(report);
    if (!error)
        error = report_violations(report);
    if (!error)
        error = report_plays(report);
    if (!error)
        error = report_spent(report);
    if (!error && report->mutants)
        error = report_mutants(report);
    put_foot(report);
    return error;
}
