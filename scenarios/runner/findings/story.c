/* SPDX-License-Identifier: MIT */
#include "story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commandline/command.h"
#include "output/text.h"
#include "verdict.h"

struct teller {
    const struct results_violation_row *row;
    const char *db;
    story_visit *visit;
    void *context;
};

/* What has nothing to say is left out. */
static void tell(const struct teller *teller, enum story_form form, const char *title,
                 const char *text)
{
    if (*text)
        teller->visit(teller->context,
                      &(struct story_part){.form = form, .title = title, .text = text});
}

/* The steps that it takes, numbered as in the timeline. */
static void tell_steps(const struct teller *teller)
{
    static const char heading[] = "    steps:\n";
    const struct results_violation *violation = &teller->row->v;
    const char *line = strstr(violation->reduced, heading);
    char *steps = NULL;
    size_t bytes;
    unsigned number = 0;
    if (!line)
        return;
    FILE *out = need(open_memstream(&steps, &bytes));
    for (line += strlen(heading); *line; line += *line == '\n') {
        size_t length = strcspn(line, "\n"), dash = strspn(line, " -");
        fprintf(out, "%2u  %.*s\n", ++number, (int)(length - dash), line + dash);
        line += length;
    }
    fclose(out);
    char *title = need_format("The steps that it takes (%" PRIu64 " of %" PRIu64 ")",
                              violation->shrunk_steps, violation->steps);
    tell(teller, STORY_STEPS, title, need(steps));
    free(title);
    free(steps);
}

/* Why nothing was counted, if that was tried. */
static void tell_unmeasured(const struct teller *teller)
{
    static const char nothing[] = "nothing: ";
    const char *measured = teller->row->v.measured;
    if (strncmp(measured, nothing, strlen(nothing)) != 0)
        return;
    char *text = need_format("There is no legal state to measure it against: %s.",
                             measured + strlen(nothing));
    tell(teller, STORY_WORDS, NULL, text);
    free(text);
}

/* Each crash in a sentence, the last one with its number. */
static char *where_text(const struct results_violation *violation)
{
    bool first = violation->depth == 1;
    char *step = violation->step == 0 ? need_copy("before the first step")
                                      : need_format("in step %" PRIu64, violation->step);
    bool killed = strcmp(violation->model, fsim_model_name(FSIM_PROCESS_KILL)) == 0;
    char *last = verdict_where(killed  ? "The process is killed"
                               : first ? "Power fails"
                                       : "Then power fails",
                               violation->side, violation->hit, violation->where);
    char *where = need_format(
        "%s%s, %s of %s (crash point %" PRIu64 ", model %s).", violation->earlier, last, step,
        first ? "the scenario" : "what followed", violation->point, violation->model);
    free(last);
    free(step);
    return where;
}

static void write_replay(FILE *out, const struct teller *teller, const char *option)
{
    fprintf(out, "%s replay v%" PRId64, program_name(), teller->row->id);
    if (strcmp(teller->db, "pmacrash.db") != 0) {
        fputs(" --db", out);
        command_write_word(out, teller->db);
    }
    fprintf(out, "%s\n", option);
}

static void tell_again(const struct teller *teller)
{
    char *lines = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&lines, &bytes));
    write_replay(out, teller, "");
    write_replay(out, teller, " --gdb");
    write_replay(out, teller, " --export DIR");
    fclose(out);
    tell(
        teller, STORY_COMMANDS,
        "Run it again from the database alone, step through it, give it to somebody:", need(lines));
    free(lines);
}

static void tell_recovery(const struct teller *teller)
{
    const struct results_violation *violation = &teller->row->v;
    tell(teller, STORY_WORDS, "What the crash left and what recovery made of it",
         violation->explanation);
    tell_unmeasured(teller);
    tell(teller, STORY_WORDS, "The broken invariant", violation->finding);
    tell(teller, STORY_ROWS, "The rows that break it", violation->rows);
}

void story_tell(const struct results_violation_row *row, const char *db, story_visit *visit,
                void *context)
{
    const struct teller teller = {.row = row, .db = db, .visit = visit, .context = context};
    const struct results_violation *violation = &row->v;
    bool has_state = violation->image_bytes > 0;
    bool is_recording = strcmp(violation->verdict, fsim_verdict_name(FSIM_V_RECORDING)) == 0;
    char *headline = verdict_headline(violation), *where = where_text(violation);
    char *title = need_format("Violation v%" PRId64 ": %s, scenario %s, copying %s, run r%" PRId64,
                              row->id, violation->verdict, row->scenario, row->copying, row->run);
    tell(&teller, STORY_TITLE, NULL, title);
    tell(&teller, STORY_HEADLINE, NULL, headline);
    tell(&teller, STORY_WORDS, "The fault that was planned", violation->fault);
    if (has_state)
        tell(&teller, STORY_WORDS, "Where it crashed", where);
    tell_steps(&teller);
    tell(&teller, STORY_TIMELINE, "What happened until then", violation->timeline);
    if (has_state)
        tell_recovery(&teller);
    else
        tell(&teller, STORY_WORDS, is_recording ? "The rule that it breaks" : "Why it matters",
             violation->explanation);
    if (!is_recording && !strstr(headline, violation->message))
        tell(&teller, STORY_WORDS, "What recovery said", violation->message);
    tell_again(&teller);
    free(title);
    free(where);
    free(headline);
}
