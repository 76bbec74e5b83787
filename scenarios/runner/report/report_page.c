/* SPDX-License-Identifier: MIT */
/* The page as a whole, its head, and what is said first. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "output/html.h"
#include "output/text.h"

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

/* The columns of the SELECT below. */
enum {
    RUN_OUTCOME,
    RUN_PLAYS,
    RUN_POINTS,
    RUN_COVERED,
    RUN_RECOVERIES,
    RUN_VIOLATIONS,
    RUN_MILLISECONDS,
    RUN_MODE,
    RUN_GLOB,
};

static const char select_run[] =
    "SELECT outcome, plays, crash_points, covered, recoveries, violations, milliseconds, mode, "
    "points FROM v_run WHERE run = ?1";

static void put_figure(FILE *out, const char *key, const char *label, const char *value)
{
    html(out, "<div><dt>%s</dt><dd data-figure='%s'>%s</dd></div>\n", label, key, value);
}

/* What was found counts more than how the run ended. */
static void put_words(FILE *out, const char *const *run)
{
    bool found = strcmp(run[RUN_VIOLATIONS], "0") != 0;
    const struct outcome_words *ended = words_for(run[RUN_OUTCOME]);
    const struct outcome_words *verdict = found ? words_for("violations") : ended;
    html(out,
         "<section id='verdict' class='verdict %s' aria-labelledby='verdict-title'>\n"
         "<p class='mark' aria-hidden='true'>%s</p>\n<h2 id='verdict-title'>%s</h2>\n",
         verdict->outcome, verdict->mark, verdict->headline);
    if (strcmp(verdict->outcome, "clean") == 0 && strcmp(run[RUN_MODE], "kill") == 0)
        html(out,
             "<p>Processes were killed, and every recovery from what they left was right.</p>\n");
    else
        html(out, "<p>%s</p>\n", verdict->sentence);
    if (ended != verdict)
        html(out, "<p>%s. %s</p>\n", ended->headline, ended->sentence);
    if (*run[RUN_GLOB])
        html(out, "<p>Only crash points like <code>%s</code> were asked for.</p>\n", run[RUN_GLOB]);
}

static void put_verdict(void *context, const char *const *run, size_t count)
{
    FILE *out = context;
    (void)count;
    put_words(out, run);
    html(out, "<dl class='figures'>\n");
    put_figure(out, "violations", "violations", report_count(run[RUN_VIOLATIONS]));
    put_figure(out, "covered", "crash states covered", report_states(run[RUN_COVERED]));
    put_figure(out, "crash_points", "crash points", report_count(run[RUN_POINTS]));
    put_figure(out, "recoveries", "recoveries", report_count(run[RUN_RECOVERIES]));
    put_figure(out, "plays", "plays of scenarios", report_count(run[RUN_PLAYS]));
    put_figure(out, "milliseconds", "time",
               run[RUN_MILLISECONDS] ? report_seconds(run[RUN_MILLISECONDS]) : "not finished");
    html(out, "</dl>\n");
}

/* ---- what was run ---- */

static const struct {
    const char *column, *label;
} facts[] = {
    {"command", "Command"},     {"started", "Started"},
    {"model", "Models"},        {"mode", "Mode"},
    {"search", "Search"},       {"grain", "Grain"},
    {"sweep", "Sweep"},         {"depth", "Crashes in a row"},
    {"plan", "Planned faults"}, {"seed", "Seed"},
    {"jobs", "Processes"},      {"version", "pmacrash"},
    {"revision", "Built from"}, {"host", "Machine"},
    {"kernel", "Kernel"},       {"uuid", "Name in all databases"},
};
enum { FACT_COUNT = sizeof facts / sizeof *facts };

static void put_facts(void *context, const char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] && *values[i])
            html(context, "<div><dt>%s</dt><dd>%s</dd></div>\n", facts[i].label, values[i]);
}

static int report_facts(const struct report *report)
{
    char *select = need_copy("SELECT ");
    for (size_t i = 0; i < FACT_COUNT; i++) {
        char *longer = need_format("%s%s%s", select, i > 0 ? ", " : "", facts[i].column);
        free(select);
        select = longer;
    }
    char *whole = need_format("%s FROM v_run WHERE run = ?1", select);
    html(report->out, "<details><summary>What was run</summary>\n<dl class='facts'>\n");
    int error = report_rows(report, whole, put_facts, report->out);
    html(report->out, "</dl></details>\n");
    free(whole);
    free(select);
    return error;
}

int report_verdict(const struct report *report)
{
    int error = report_rows(report, select_run, put_verdict, report->out);
    if (!error)
        error = report_facts(report);
    html(report->out, "</section>\n");
    return error;
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

static void put_d3(FILE *out)
{
    html(out, "<!--\nd3 is part of this page:\n");
    fputs(report_d3_license, out);
    html(out, "-->\n<script>\n");
    fputs(report_d3, out);
    html(out, "\n</script>\n");
}

static void put_foot(const struct report *report)
{
    FILE *out = report->out;
    html(out,
         "</main>\n<footer><p>Made by pmacrash from <code>%s</code>.%s</p></footer>\n"
         "<p id='said' class='unseen' role='status'></p>\n",
         report->db, *report_d3 ? " Maps and charts are drawn with d3." : "");
    if (*report_d3)
        put_d3(out);
    html(out, "<script>\n");
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
