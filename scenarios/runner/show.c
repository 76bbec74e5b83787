/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "json.h"
#include "text.h"
#include "verdict.h"

/* A timeline comes with its own indentation; the rest gets one. */
static void print_section(const char *title, unsigned indent, const char *text)
{
    if (!*text)
        return;
    printf("\n");
    text_styled(stdout, STYLE_STRONG, title);
    printf("\n");
    text_paragraph(stdout, indent, text);
}

/* Lines that stand as they are, indented, and cut where the terminal would break them. */
static void print_lines(const char *title, const char *text)
{
    enum { INDENT = 2 };
    if (!*text)
        return;
    printf("\n%s\n", title);
    while (*text) {
        size_t length = strcspn(text, "\n");
        int shown = (int)(length < TEXT_WIDTH - INDENT ? length : TEXT_WIDTH - INDENT);
        printf("%*s%.*s\n", INDENT, "", shown, text);
        text += length;
        text += *text == '\n';
    }
}

/* The steps that it takes, numbered as in the timeline. */
static void print_steps(const struct results_violation *violation)
{
    static const char heading[] = "    steps:\n";
    const char *line = strstr(violation->reduced, heading);
    if (!line)
        return;
    printf("\n");
    char *title = need_format("The steps that it takes (%" PRIu64 " of %" PRIu64 ")",
                              violation->shrunk_steps, violation->steps);
    text_styled(stdout, STYLE_STRONG, title);
    printf("\n");
    free(title);
    unsigned number = 0;
    for (line += strlen(heading); *line; line += *line == '\n') {
        size_t length = strcspn(line, "\n"), dash = strspn(line, " -");
        char *step = need_format("%2u  %.*s", ++number, (int)(length - dash), line + dash);
        text_paragraph(stdout, 2, step);
        free(step);
        line += length;
    }
}

/* Why nothing was counted, if that was tried. */
static void print_unmeasured(const struct results_violation *violation)
{
    static const char nothing[] = "nothing: ";
    if (strncmp(violation->measured, nothing, strlen(nothing)) != 0)
        return;
    char *text = need_format("There is no legal state to measure it against: %s.",
                             violation->measured + strlen(nothing));
    printf("\n");
    text_paragraph(stdout, 2, text);
    free(text);
}

/* Each crash in a sentence, the last one with its number. */
static char *where_text(const struct results_violation *violation)
{
    bool first = violation->depth == 1;
    char *step = violation->step == 0 ? need_copy("before the first step")
                                      : need_format("in step %" PRIu64, violation->step);
    char *last = verdict_where(first ? "Power fails" : "Then power fails", violation->side,
                               violation->hit, violation->where);
    char *where = need_format(
        "%s%s, %s of %s (crash point %" PRIu64 ", model %s).", violation->earlier, last, step,
        first ? "the scenario" : "what followed", violation->point, violation->model);
    free(last);
    free(step);
    return where;
}

static void print_again(const struct settings *settings, const struct results_violation_row *row)
{
    const char *db = settings->db;
    bool usual = strcmp(db, "pmacrash.db") == 0;
    if (row->v.image_bytes > 0)
        printf("\nRun it again from the database alone, step through it, give it to somebody:\n"
               "  %1$s replay v%2$" PRId64 "%3$s%4$s\n"
               "  %1$s replay v%2$" PRId64 "%3$s%4$s --gdb\n"
               "  %1$s replay v%2$" PRId64 "%3$s%4$s --export DIR\n",
               program_name(), row->id, usual ? "" : " --db ", usual ? "" : db);
    else
        printf("\nThere is no crash state to replay. Record the scenario again:\n"
               "  %s %s %s --copying %s --model %s%s%s%s\n",
               program_name(), strncmp(row->scenario, "gen-", 4) == 0 ? "generate" : "run",
               row->scenario, row->copying, row->v.model, *row->v.fault ? " --fault '" : "",
               row->v.fault, *row->v.fault ? "'" : "");
}

static void print_violation(const struct settings *settings,
                            const struct results_violation_row *row)
{
    const struct results_violation *violation = &row->v;
    char *headline = verdict_headline(violation);
    char *where = where_text(violation);
    char *title = need_format("Violation v%" PRId64 ": %s, scenario %s, copying %s, run r%" PRId64,
                              row->id, violation->verdict, row->scenario, row->copying, row->run);
    text_styled(stdout, STYLE_BAD, title);
    printf("\n\n");
    text_paragraph(stdout, 0, headline);
    print_section("The fault that was planned", 2, violation->fault);
    if (row->v.image_bytes > 0)
        print_section("Where it crashed", 2, where);
    print_steps(violation);
    print_section("What happened until then", 0, violation->timeline);
    if (row->v.image_bytes > 0) {
        print_section("What the crash left and what recovery made of it", 2,
                      violation->explanation);
        print_unmeasured(violation);
        print_section("The broken invariant", 2, violation->finding);
        print_lines("  The rows that break it", violation->rows);
    } else {
        print_section("Why it matters", 2, violation->explanation);
    }
    if (!strstr(headline, violation->message))
        print_section("What recovery said", 2, violation->message);
    print_again(settings, row);
    free(title);
    free(where);
    free(headline);
}

static void print_violation_json(const struct results_violation_row *row)
{
    const struct results_violation *violation = &row->v;
    char *headline = verdict_headline(violation);
    struct json json = {.out = stdout};
    json_begin(&json, NULL, '{');
    json_count(&json, "violation", (uint64_t)row->id);
    json_count(&json, "run", (uint64_t)row->run);
    json_text(&json, "scenario", row->scenario);
    json_text(&json, "copying", row->copying);
    json_text(&json, "model", violation->model);
    json_text(&json, "verdict", violation->verdict);
    json_text(&json, "headline", headline);
    json_text(&json, "status", violation->status);
    json_text(&json, "message", violation->message);
    json_text(&json, "fault", violation->fault);
    json_text(&json, "finding", violation->finding);
    json_text(&json, "where", violation->where);
    json_text(&json, "side", violation->side);
    json_count(&json, "point", violation->point);
    json_count(&json, "hit", violation->hit);
    json_count(&json, "step", violation->step);
    json_count(&json, "depth", violation->depth);
    json_text(&json, "earlier", violation->earlier);
    json_text(&json, "timeline", violation->timeline);
    json_text(&json, "explanation", violation->explanation);
    json_text(&json, "legal", violation->legal);
    json_text(&json, "state", violation->state);
    json_text(&json, "broken_rows", violation->rows);
    if (violation->pages_counted)
        json_count(&json, "shrunk_pages", violation->shrunk_pages);
    json_text(&json, "measured", violation->measured);
    if (violation->steps_shrunk) {
        json_count(&json, "shrunk_steps", violation->shrunk_steps);
        json_count(&json, "steps", violation->steps);
    }
    json_text(&json, "reduced", violation->reduced);
    json_end(&json, '}');
    free(headline);
}

static enum status show_violation(const struct settings *settings, results_t *results, int64_t id)
{
    struct results_violation_row *row = database_violation(settings, results, id);
    if (!row)
        return STATUS_USAGE;
    if (settings->json)
        print_violation_json(row);
    else
        print_violation(settings, row);
    results_violation_release(row);
    return STATUS_CLEAN;
}

/* The answer of one SELECT, as text for free(); NULL if it failed. */
static char *ask(results_t *results, const char *sql, enum results_format format)
{
    char *answer = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&answer, &bytes));
    int error = results_query(results, sql, format, out);
    fclose(out);
    if (error) {
        complain("%s", results_error(results));
        free(answer);
        return NULL;
    }
    return answer;
}

/* What stands in a run's part of the output, and the SELECT that says it. */
struct run_part {
    const char *title, *key, *select;
};

static const struct run_part run_parts[] = {
    {"Run", "run",
     "SELECT run, started, outcome, milliseconds / 1000.0 AS seconds, model, search, plan, seed, "
     "jobs FROM v_run WHERE run = %" PRId64},
    {"Made with", "made_with",
     "SELECT version, revision, host, kernel, command FROM v_run WHERE run = %" PRId64},
    {"Scenarios", "scenarios",
     "SELECT scenario, copying, model, crash_points, covered AS crash_states, recoveries, "
     "violations, "
     "iif(complete, 'yes', 'no') AS complete, outcome, error FROM v_scenario WHERE run = %" PRId64
     " ORDER BY scenario_id"},
    {"Violations", "violations",
     "SELECT 'v' || violation AS violation, scenario, copying, model, verdict, side || ' ' || "
     "location AS crash, invariant, shrunk_pages AS pages, shrunk_steps AS steps "
     "FROM v_violation WHERE run = %" PRId64 " ORDER BY violation"},
};

static enum status show_run(const struct settings *settings, results_t *results, int64_t id)
{
    enum status status = STATUS_CLEAN;
    char *exists = need_format("SELECT 1 AS there FROM v_run WHERE run = %" PRId64, id);
    char *answer = ask(results, exists, RESULTS_CSV);
    free(exists);
    if (!answer)
        return STATUS_FAILED;
    bool there = strstr(answer, "\n1") != NULL;
    free(answer);
    if (!there) {
        complain("%s holds no run r%" PRId64 "; see 'pmacrash query \"SELECT run, started, command "
                 "FROM v_run\"'",
                 settings->db, id);
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < sizeof run_parts / sizeof *run_parts && status == STATUS_CLEAN; i++) {
        const struct run_part *part = &run_parts[i];
        char *select = need_format(part->select, id);
        answer = ask(results, select, settings->json ? RESULTS_JSON : RESULTS_TABLE);
        if (!answer)
            status = STATUS_FAILED;
        else if (settings->json)
            printf("%s\"%s\": %s", i == 0 ? "{" : ",\n", part->key, answer);
        else
            printf("%s%s\n%s", i == 0 ? "" : "\n", part->title, answer);
        free(answer);
        free(select);
    }
    if (settings->json && status == STATUS_CLEAN)
        printf("}\n");
    return status;
}

static enum status run(const struct settings *settings)
{
    enum database_kind kind = DATABASE_RUN;
    int64_t id = 0;
    enum status status = STATUS_USAGE;
    if (settings->argument_count > 0 && !database_id(settings->arguments[0], &kind, &id))
        return STATUS_USAGE;
    results_t *results = database_open(settings);
    if (!results)
        return STATUS_FAILED;
    if (settings->argument_count == 0 && results_last_run(results, &id)) {
        complain("%s holds no run yet; 'pmacrash run' makes one", settings->db);
        goto done;
    }
    status = kind == DATABASE_RUN ? show_run(settings, results, id)
                                  : show_violation(settings, results, id);
done:
    results_close(results);
    return status;
}

const struct command show_command = {
    .bit = COMMAND_SHOW,
    .name = "show",
    .synopsis = "[rRUN|vVIOLATION]",
    .summary = "a run, or a violation explained",
    .about = "A violation is told as: what was lost, where power failed, what the program had "
             "done until then, what the crash left on the disk, and what recovery made of it. "
             "v12 and 12 are violations, r3 is a run; none means the last run.",
    .examples = "  pmacrash show\n"
                "  pmacrash show v12\n"
                "  pmacrash show r3 --json\n",
    .most = 1,
    .run = run,
};
