/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commandline/database.h"
#include "findings/story.h"
#include "findings/verdict.h"
#include "output/json.h"
#include "output/text.h"
#include "show.h"

/* Lines that stand as they are, indented, and cut where the terminal would break them. */
static void print_rows(const char *text)
{
    enum { INDENT = 2 };
    while (*text) {
        size_t length = strcspn(text, "\n");
        int shown = (int)(length < TEXT_WIDTH - INDENT ? length : TEXT_WIDTH - INDENT);
        printf("%*s%.*s\n", INDENT, "", shown, text);
        text += length;
        text += *text == '\n';
    }
}

/* Each by itself: where one is wrapped, the next is not part of it. */
static void print_lines(unsigned indent, const char *text)
{
    for (const char *line = text; *line; line += *line == '\n') {
        size_t length = strcspn(line, "\n");
        char *one = need_format("%.*s", (int)length, line);
        text_paragraph(stdout, indent, one);
        free(one);
        line += length;
    }
}

/* A timeline comes with its own indentation; the rest gets one. */
static void print_part(void *context, const struct story_part *part)
{
    (void)context;
    if (part->form == STORY_TITLE) {
        text_styled_paragraph(stdout, STYLE_BAD, part->text);
        return;
    }
    printf("\n");
    if (part->title && part->form != STORY_ROWS && part->form != STORY_COMMANDS)
        text_styled(stdout, STYLE_STRONG, part->title);
    else if (part->title)
        printf("%s%s", part->form == STORY_ROWS ? "  " : "", part->title);
    if (part->title)
        printf("\n");
    switch (part->form) {
    case STORY_TITLE:
        break;
    case STORY_HEADLINE:
    case STORY_TIMELINE:
        text_paragraph(stdout, 0, part->text);
        break;
    case STORY_WORDS:
        text_paragraph(stdout, 2, part->text);
        break;
    case STORY_STEPS:
        print_lines(2, part->text);
        break;
    case STORY_ROWS:
        print_rows(part->text);
        break;
    case STORY_COMMANDS:
        for (const char *line = part->text; *line; line += strcspn(line, "\n") + 1)
            printf("  %.*s\n", (int)strcspn(line, "\n"), line);
        break;
    }
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
        story_tell(row, settings->db, print_part, NULL);
    results_violation_release(row);
    return STATUS_CLEAN;
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
    .words = WORDS_RUNS_AND_VIOLATIONS,
    .run = run,
};
