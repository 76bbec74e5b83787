/* SPDX-License-Identifier: MIT */
#include "github.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/text.h"
#include "suite.h"

/* GitHub shows this many annotations of a kind and step. */
enum { SHOWN = 10 };

bool github_wanted(const struct settings *settings)
{
    const char *actions = getenv("GITHUB_ACTIONS");
    return settings->github || (actions && strcmp(actions, "true") == 0);
}

/* ---- annotations ---- */

/* Escapes as the runner of workflows has it; in a property, what would end it as well. */
static void write_escaped(FILE *out, const char *text, bool property)
{
    for (; *text; text++)
        if (*text == '%' || *text == '\r' || *text == '\n' ||
            (property && (*text == ':' || *text == ',')))
            fprintf(out, "%%%02X", (unsigned char)*text);
        else
            fputc(*text, out);
}

/* Files are named from the root of the repository. */
static const char *in_repository(const char *path)
{
    const char *root = getenv("GITHUB_WORKSPACE");
    char *here = root ? NULL : getcwd(NULL, 0);
    const char *prefix = root ? root : here;
    size_t length = prefix ? strlen(prefix) : 0;
    if (length > 0 && strncmp(path, prefix, length) == 0 && path[length] == '/')
        path += length + 1;
    free(here);
    return path;
}

/* Where a scenario begins in its suite; 0 if that cannot be read any more. */
static unsigned line_of(const char *file, const char *scenario)
{
    struct suite *suite;
    char message[256];
    unsigned line = 0;
    if (suite_load(file, &suite, message, sizeof message) != 0)
        return 0;
    for (size_t i = 0; i < suite_count(suite); i++)
        if (strcmp(suite_scenario(suite, i)->name, scenario) == 0)
            line = suite_scenario(suite, i)->line;
    suite_free(suite);
    return line;
}

static const struct ledger_play *play_of(const struct ledger *run, const char *scenario)
{
    for (size_t i = 0; scenario && i < run->play_count; i++)
        if (strcmp(run->plays[i].scenario, scenario) == 0)
            return &run->plays[i];
    return NULL;
}

static void write_annotation(FILE *out, const char *level, const struct gate_remark *remark,
                             const struct ledger *run, const struct ledger *baseline)
{
    const struct ledger_play *play = play_of(run, remark->scenario);
    const char *file = play ? play->file : baseline ? baseline->path : NULL;
    unsigned line = play ? line_of(play->file, remark->scenario) : remark->line;
    fprintf(out, "::%s ", level);
    if (file) {
        fputs("file=", out);
        write_escaped(out, in_repository(file), true);
        if (line)
            fprintf(out, ",line=%u", line);
        fputc(',', out);
    }
    fputs("title=pmacrash%3A ", out);
    write_escaped(out, gate_titles[remark->rule], true);
    fputs("::", out);
    write_escaped(out, remark->sentence, false);
    if (remark->command) {
        fputs("%0A", out);
        write_escaped(out, remark->command, false);
    }
    fputc('\n', out);
}

/* All of one weight; if they are more than are shown, the last one says so. */
static void write_annotations(FILE *out, const char *level, enum gate_weight weight,
                              const struct gate *gate, const struct ledger *run,
                              const struct ledger *baseline)
{
    size_t count = 0, written = 0;
    for (size_t i = 0; i < gate->count; i++)
        count += gate->remarks[i].weight == weight;
    for (size_t i = 0; i < gate->count; i++) {
        if (gate->remarks[i].weight != weight)
            continue;
        if (++written == SHOWN && count > SHOWN) {
            fprintf(out, "::%s title=pmacrash::and %zu more: see the output of this step\n", level,
                    count - SHOWN + 1);
            return;
        }
        write_annotation(out, level, &gate->remarks[i], run, baseline);
    }
}

/* ---- the summary ---- */

static void write_markdown(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_<>[]|#&", *text))
            fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
}

static void write_remarks(FILE *out, const struct gate *gate, enum gate_weight weight,
                          const char *heading)
{
    bool any = false;
    for (size_t i = 0; i < gate->count; i++) {
        const struct gate_remark *remark = &gate->remarks[i];
        if (remark->weight != weight)
            continue;
        if (!any)
            fprintf(out, "\n#### %s\n\n", heading);
        any = true;
        fputs("- ", out);
        write_markdown(out, remark->sentence);
        if (remark->command)
            fprintf(out, "<br>`%s`", remark->command);
        fputc('\n', out);
    }
}

static void write_summary(FILE *out, const struct settings *settings, const struct ledger *run,
                          const struct ledger *baseline, const struct gate *gate)
{
    struct ledger_sum sum = ledger_sum(run);
    struct number plays, points, violations;
    fprintf(out, "### pmacrash %s: ", settings->subcommand);
    if (gate->failures)
        fprintf(out, "%zu failure%s\n\n", gate->failures, gate->failures == 1 ? "" : "s");
    else
        fputs("passed\n\n", out);
    fprintf(out,
            "| plays | crash points | violations | barriers noticed |\n"
            "| --: | --: | --: | --: |\n| %s | %s | %s | ",
            text_count(&plays, sum.plays), text_count(&points, sum.crash_points),
            text_count(&violations, sum.violations));
    if (run->selftest)
        fprintf(out, "%" PRIu64 " of %zu |\n", sum.caught, run->barrier_count);
    else
        fputs("- |\n", out);
    write_remarks(out, gate, GATE_FAILS, "Failures");
    write_remarks(out, gate, GATE_KNOWN, "Known violations, tolerated");
    if (baseline)
        write_remarks(out, gate, GATE_BETTER, "Better than the baseline");
}

void github_report(const struct settings *settings, const struct ledger *run,
                   const struct ledger *baseline, const struct gate *gate)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    FILE *out = settings->json ? stderr : stdout; /* workflows read both */
    write_annotations(out, "error", GATE_FAILS, gate, run, baseline);
    write_annotations(out, "warning", GATE_KNOWN, gate, run, baseline);
    if (!path || !*path)
        return;
    FILE *summary = fopen(path, "a");
    if (!summary) {
        complain("GITHUB_STEP_SUMMARY %s: %s; there is no summary", path, strerror(errno));
        return;
    }
    write_summary(summary, settings, run, baseline, gate);
    fclose(summary);
}
