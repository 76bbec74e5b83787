/* SPDX-License-Identifier: MIT */
#include "finding.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/text.h"

#define OPTIONS "options"

/* One "DIGEST label" line for each of these marks, each state once. */
static char *state_list(const fsim_trace_t *trace, const size_t *marks, size_t count)
{
    char *list = need_copy("");
    for (size_t i = 0; i < count; i++) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, marks[i]);
        char digest[DIGEST_TEXT];
        int length;
        if (verdict_label(list, verdict_digest(mark->state, digest), &length))
            continue;
        char *longer =
            need_format("%s%s %s\n", list, digest, fsim_trace_string(trace, mark->label));
        free(list);
        list = longer;
    }
    return list;
}

/* Every state that was attempted before power failed. */
static char *known_states(const fsim_trace_t *trace, const fsim_cursor_t *cursor)
{
    size_t count = fsim_trace_marks(trace), known = 0;
    size_t *marks = need(calloc(count + 1, sizeof *marks));
    for (size_t i = 0; i < count; i++)
        if (fsim_cursor_applied(cursor, fsim_trace_mark(trace, i)->event))
            marks[known++] = i;
    char *list = state_list(trace, marks, known);
    free(marks);
    return list;
}

/* The rows that break the invariant, if one is broken. */
static char *broken_rows(const struct subject *subject, const struct fsim_violation *violation)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    if (violation->verdict == FSIM_V_INVARIANT)
        subject_print_rows(subject, violation, out);
    fclose(out);
    return need(text);
}

static const char *measured(const struct fsim_reduction *reduction)
{
    if (!reduction)
        return "";
    if (reduction->base != FSIM_BASE_NONE)
        return fsim_base_help(reduction->base);
    if (reduction->violation.verdict == FSIM_V_UNSTABLE)
        return "nothing: recovery is not a function of the files";
    if (reduction->out_of_time)
        return "nothing: the time for shrinking was used up";
    return "nothing: recovery goes wrong even with the files as they were when success was last "
           "reported";
}

/* A line for each crash that others followed. */
static char *earlier_crashes(const struct fsim_violation *violation)
{
    char *lines = need_copy("");
    for (size_t i = 0; i < violation->earlier_count; i++) {
        const struct fsim_crash *crash = &violation->earlier[i];
        const char *what = crash->killed ? "The process dies"
                           : i == 0      ? "Power fails"
                                         : "Then power fails";
        char *where = verdict_where(what, verdict_side(crash->point), crash->point->hit,
                                    fsim_trace_string(violation->trace, crash->point->where));
        char *longer = need_format("%s%s, in step %" PRIu32 " of %s.\n", lines, where,
                                   crash->point->step, i == 0 ? "the scenario" : "what followed");
        free(where);
        free(lines);
        lines = longer;
    }
    return lines;
}

char *finding_settings(const struct subject *subject, const char *lasting)
{
    char settings[2048];
    if (subject_settings(subject, settings, sizeof settings))
        return NULL;
    return need_format("%s" OPTIONS "%s\n", settings, lasting ? lasting : "");
}

int finding_make(const struct subject *subject, const struct fsim_violation *given,
                 const struct fsim_reduction *reduction, const char *lasting,
                 struct finding *finding)
{
    const struct fsim_violation *violation = reduction ? &reduction->violation : given;
    const struct fsim_crash_point *point = violation->point;
    size_t image_bytes = 0;
    *finding = (struct finding){0};
    int error = fsim_image_pack(violation, &finding->image, &image_bytes);
    if (error)
        return error;
    finding->settings = finding_settings(subject, lasting);
    if (!finding->settings)
        return -ENOSPC;
    finding->timeline = need(subject_timeline(subject, violation, reduction));
    finding->explanation = need(subject_explain(subject, violation, reduction));
    finding->legal = state_list(violation->trace, violation->legal, violation->legal_count);
    finding->known = known_states(violation->trace, violation->cursor);
    finding->rows = broken_rows(subject, violation);
    finding->earlier = earlier_crashes(violation);
    finding->stored = (struct results_violation){
        .model = fsim_model_name(subject_model(subject)),
        .verdict = fsim_verdict_name(violation->verdict),
        .status = fsim_status_name((enum fsim_status)violation->outcome->status),
        .message = violation->outcome->message,
        .finding = violation->finding,
        .where = fsim_trace_string(violation->trace, point->where),
        .side = verdict_side(point),
        .point = point->index,
        .hit = point->hit,
        .step = point->step,
        .depth = violation->earlier_count + 1,
        .earlier = finding->earlier,
        .timeline = finding->timeline,
        .explanation = finding->explanation,
        .legal = finding->legal,
        .known = finding->known,
        .state = verdict_digest(violation->outcome->state, finding->state),
        .image = finding->image,
        .image_bytes = image_bytes,
        .settings = finding->settings,
        .rows = finding->rows,
        .pages_counted = reduction && reduction->base != FSIM_BASE_NONE,
        .shrunk_pages = reduction ? reduction->difference_count : 0,
        .measured = measured(reduction),
        .reduced = "",
    };
    return 0;
}

void finding_release(struct finding *finding)
{
    free(finding->timeline);
    free(finding->explanation);
    free(finding->legal);
    free(finding->known);
    free(finding->rows);
    free(finding->settings);
    free(finding->earlier);
    free(finding->image);
}

const char *finding_options(const struct results_violation *violation, int *length)
{
    const char *line = strstr(violation->settings, "\n" OPTIONS);
    const char *options = line ? line + strlen("\n" OPTIONS) : "";
    *length = (int)strcspn(options, "\n");
    return options;
}

/* The texts of a violation, in the order in which they travel. */
#define VIOLATION_TEXTS(X)                                                                         \
    X(model)                                                                                       \
    X(verdict)                                                                                     \
    X(status)                                                                                      \
    X(message)                                                                                     \
    X(finding)                                                                                     \
    X(where)                                                                                       \
    X(side)                                                                                        \
    X(timeline)                                                                                    \
    X(explanation)                                                                                 \
    X(legal)                                                                                       \
    X(known) X(state) X(settings) X(rows) X(measured) X(reduced) X(earlier) X(fault)

#define VIOLATION_COUNTS(X)                                                                        \
    X(point) X(hit) X(step) X(depth) X(shrunk_pages) X(shrunk_steps) X(steps)

void finding_put(struct message *message, const struct results_violation *violation)
{
#define PUT_TEXT(field) message_put_text(message, violation->field);
    VIOLATION_TEXTS(PUT_TEXT)
#undef PUT_TEXT
#define PUT_COUNT(field) message_put_count(message, violation->field);
    VIOLATION_COUNTS(PUT_COUNT)
#undef PUT_COUNT
    message_put_count(message, violation->pages_counted);
    message_put_count(message, violation->steps_shrunk);
    message_put_bytes(message, violation->image, violation->image_bytes);
}

bool finding_get(struct message *message, struct results_violation *violation)
{
    uint64_t pages_counted, steps_shrunk;
    *violation = (struct results_violation){0};
#define GET_TEXT(field)                                                                            \
    if (!message_get_text(message, &violation->field))                                             \
        return false;
    VIOLATION_TEXTS(GET_TEXT)
#undef GET_TEXT
#define GET_COUNT(field)                                                                           \
    if (!message_get_count(message, &violation->field))                                            \
        return false;
    VIOLATION_COUNTS(GET_COUNT)
#undef GET_COUNT
    if (!message_get_count(message, &pages_counted) || !message_get_count(message, &steps_shrunk))
        return false;
    violation->pages_counted = pages_counted != 0;
    violation->steps_shrunk = steps_shrunk != 0;
    return message_get_bytes(message, &violation->image, &violation->image_bytes);
}
