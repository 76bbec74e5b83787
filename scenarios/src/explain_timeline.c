/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "explain.h"
#include "explain_text.h"
#include "words.h"

enum { MOST_OLD_LINES = 16 };

/* The recordings that led to it: the workload's, and for each crash that was not the last how it
 * went on from there. */
static struct fsim_span workload_of(const struct fsim_violation *violation)
{
    const struct fsim_span *spans;

    (void)fsim_cursor_history(violation->cursor, &spans);
    return spans[0];
}

/* Where the workload's last state before the crash was acknowledged, or the one before that. */
static size_t acknowledgement(const struct fsim_violation *violation, unsigned from_the_end)
{
    const fsim_trace_t *trace = violation->trace;
    size_t end = workload_of(violation).end;

    for (size_t i = fsim_trace_marks(trace); i-- > 0;) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, i);

        if (mark->kind == FSIM_MARK_ACK && mark->event < end && --from_the_end == 0)
            return (size_t)mark->event;
    }
    return 0;
}

/* Where something that makes the difference came to be as it is. */
static size_t origin(const struct fsim_violation *violation, enum fsim_base base,
                     const struct fsim_difference *difference)
{
    const struct fsim_item *item = &difference->item;
    uint64_t value = base == FSIM_BASE_LATEST ? difference->legal : difference->value;
    uint64_t newer, older;

    if (item->kind != FSIM_ITEM_BLOCK || !fsim_value_torn(value, &newer, &older))
        newer = value;
    return account_write(violation->trace, violation->cursor, item, newer);
}

/*
 * From here on the timeline tells every call: from the last acknowledgement, or from the step that
 * wrote the first of the pages which make the difference. Before it only steps and
 * acknowledgements.
 */
static size_t start_of_details(const struct fsim_violation *violation,
                               const struct fsim_reduction *reduction)
{
    const fsim_trace_t *trace = violation->trace;
    bool reduced = reduction != NULL && reduction->base != FSIM_BASE_NONE;
    size_t start = acknowledgement(violation, reduced || violation->earlier_count > 0 ? 1 : 2);

    for (size_t i = 0; reduced && i < reduction->difference_count; i++) {
        size_t event = origin(violation, reduction->base, &reduction->differences[i]);

        start = event < start ? event : start;
    }
    for (size_t i = start + 1; i-- > 0;)
        if (fsim_trace_event(trace, i)->kind == FSIM_EV_STEP)
            return i;
    return start; /* before the first step */
}

/* Whether a write goes on with the same block or the next. */
static bool goes_on(const struct fsim_event *a, const struct fsim_event *b)
{
    return b->kind == FSIM_EV_WRITE && a->file == b->file &&
           (b->number == a->number || b->number == a->number + 1);
}

/*
 * One write event, with those that go on from it: the same call on the next blocks, or at the grain
 * of stores those that follow. Returns the last one's index.
 */
static size_t tell_writes(FILE *out, const fsim_trace_t *trace, size_t first, size_t end)
{
    const struct fsim_event *event = fsim_trace_event(trace, first), *finish = event;
    char role[ACCOUNT_TEXT], until[ACCOUNT_TEXT], writer[2 * ACCOUNT_TEXT], pieces[32] = "";
    uint64_t content = event->value;
    size_t last = first;

    while (last + 1 < end && goes_on(finish, fsim_trace_event(trace, last + 1))) {
        finish = fsim_trace_event(trace, ++last);
        if (finish->number == event->number)
            content = finish->value;
    }
    account_role(trace, content, role, sizeof role);
    account_role(trace, finish->value, until, sizeof until);
    account_writer(trace, first, writer, sizeof writer);
    *strstr(writer, " in step") = '\0';
    if (last - first > finish->number - event->number)
        snprintf(pieces, sizeof pieces, " in %zu pieces", last - first + 1);
    if (finish->number == event->number)
        explain_wrap(out, "    ", "      ", "block %" PRIu64 " changed %s%s: %s", event->number,
                     writer, pieces, role);
    else
        explain_wrap(out, "    ", "      ", "blocks %" PRIu64 "-%" PRIu64 " changed %s%s: %s%s%s",
                     event->number, finish->number, writer, pieces, role,
                     strcmp(role, until) == 0 ? "" : " ... ",
                     strcmp(role, until) == 0 ? "" : until);
    return last;
}

static void tell_sync_end(FILE *out, const fsim_trace_t *trace, const struct fsim_event *event)
{
    if (event->value == 0)
        explain_wrap(out, "    ", "      ", "%s is durable",
                     fsim_trace_event(trace, event->number)->file == FSIM_NO_FILE
                         ? "the directory, with its names,"
                         : "what the file held when that sync began");
    else
        explain_wrap(out, "    ", "      ", "the sync failed with %s and made nothing durable",
                     words_error_name(-(int)event->value));
}

/* Hits of a point at which a plan did something, those that follow each other as one. Returns the
 * last one's index. */
static size_t tell_point(FILE *out, const fsim_trace_t *trace, size_t first, size_t end)
{
    const struct fsim_event *event = fsim_trace_event(trace, first), *next;
    const char *name = fsim_trace_string(trace, event->name);
    char times[32] = "";
    size_t last = first;

    if (event->value != FSIM_ACTION_ERROR && event->value != FSIM_ACTION_SKIP)
        return first;
    for (; last + 1 < end; last++) {
        next = fsim_trace_event(trace, last + 1);
        if (next->kind != event->kind || next->name != event->name || next->value != event->value)
            break;
    }
    if (last > first)
        snprintf(times, sizeof times, ", %zu times", last - first + 1);
    if (event->value == FSIM_ACTION_ERROR)
        explain_wrap(out, "    ", "      ", "%s fails by plan%s", name, times);
    else
        explain_wrap(out, "    ", "      ", "%s is left out by plan, and success claimed%s", name,
                     times);
    return last;
}

/* One event in detail; returns the index of the last event that it told. */
static size_t tell_event(FILE *out, const fsim_trace_t *trace, size_t index, size_t end)
{
    const struct fsim_event *event = fsim_trace_event(trace, index);
    const char *name = fsim_trace_string(trace, event->name);

    switch (event->kind) {
    case FSIM_EV_WRITE:
        return tell_writes(out, trace, index, end);
    case FSIM_EV_LENGTH:
        explain_wrap(out, "    ", "      ", "the file is %" PRIu64 " blocks long now",
                     event->value / FSIM_BLOCK_SIZE);
        break;
    case FSIM_EV_NAME:
        explain_wrap(out, "    ", "      ",
                     event->file == FSIM_NO_FILE ? "the name %s is gone" : "the name %s is given",
                     name);
        break;
    case FSIM_EV_SYNC_BEGIN:
        explain_wrap(out, "    ", "      ", "sync of %s begins",
                     event->file == FSIM_NO_FILE ? "the directory" : "the file");
        break;
    case FSIM_EV_SYNC_END:
        tell_sync_end(out, trace, event);
        break;
    case FSIM_EV_POINT:
        return tell_point(out, trace, index, end);
    case FSIM_EV_KILL:
        explain_wrap(out, "    ", "      ", "the process is killed");
        break;
    default:
        break;
    }
    return index;
}

static void tell_mark(FILE *out, const fsim_trace_t *trace, size_t mark)
{
    if (explain_is_start(trace, mark))
        explain_wrap(out, "    ", "      ", "there is no arena yet");
    else if (fsim_trace_mark(trace, mark)->kind == FSIM_MARK_ACK)
        explain_wrap(out, "    ", "      ", "==> success reported: %s", explain_label(trace, mark));
    else
        explain_wrap(out, "    ", "      ", "an attempt begins: %s", explain_label(trace, mark));
}

/* ---- what does not matter, folded ---- */

/* What happened in some part of the recording. */
struct sum {
    size_t steps, changes, syncs, successes;
};

static struct sum sum_up(const fsim_trace_t *trace, size_t first, size_t end)
{
    struct sum sum = {0};

    for (size_t i = first; i < end; i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        sum.steps += event->kind == FSIM_EV_STEP;
        sum.changes += event->kind == FSIM_EV_WRITE || event->kind == FSIM_EV_LENGTH ||
                       event->kind == FSIM_EV_NAME;
        sum.syncs += event->kind == FSIM_EV_SYNC_END && event->value == 0;
        sum.successes += event->kind == FSIM_EV_MARK &&
                         fsim_trace_mark(trace, event->number)->kind == FSIM_MARK_ACK;
    }
    return sum;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* The end of the step that begins at an event. */
static size_t end_of_step(const fsim_trace_t *trace, size_t begin, size_t end)
{
    size_t i = begin + 1;

    while (i < end && fsim_trace_event(trace, i)->kind != FSIM_EV_STEP)
        i++;
    return i;
}

static void tell_old_step(FILE *out, const fsim_trace_t *trace, size_t begin, size_t end)
{
    const struct fsim_event *step = fsim_trace_event(trace, begin);
    struct sum sum = sum_up(trace, begin, end);

    if (sum.changes == 0 && sum.syncs == 0)
        explain_wrap(out, "  ", "    ", "step %" PRIu64 ": %s", step->number,
                     fsim_trace_string(trace, step->name));
    else
        explain_wrap(out, "  ", "    ", "step %" PRIu64 ": %s (%zu change%s, %zu sync%s)",
                     step->number, fsim_trace_string(trace, step->name), sum.changes,
                     plural(sum.changes), sum.syncs, plural(sum.syncs));
    for (size_t i = begin; i < end; i++)
        if (fsim_trace_event(trace, i)->kind == FSIM_EV_MARK)
            tell_mark(out, trace, fsim_trace_event(trace, i)->number);
}

/* Where the last steps before the details begin: those earlier are only counted. */
static size_t first_told(const fsim_trace_t *trace, size_t details)
{
    size_t lines = 0;

    for (size_t i = details; i-- > 0;) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        lines += event->kind == FSIM_EV_STEP || event->kind == FSIM_EV_MARK;
        if (event->kind == FSIM_EV_STEP && lines >= MOST_OLD_LINES)
            return i;
    }
    return 0;
}

static void tell_folded(FILE *out, const fsim_trace_t *trace, size_t end)
{
    struct sum sum = sum_up(trace, 0, end);

    explain_wrap(out, "  ", "    ",
                 "... %zu step%s: %zu change%s, %zu sync%s, success reported %zu time%s ...",
                 sum.steps, plural(sum.steps), sum.changes, plural(sum.changes), sum.syncs,
                 plural(sum.syncs), sum.successes, plural(sum.successes));
}

/* ---- the whole ---- */

static void tell_crash(FILE *out, const fsim_trace_t *trace, const struct fsim_crash_point *point,
                       const char *what)
{
    static const char *const sides[] = {
        [FSIM_BEFORE] = "before", [FSIM_AFTER] = "after", [FSIM_INSIDE] = "in the middle of"};
    const char *where = fsim_trace_string(trace, point->where);
    const char *help = words_fault_point_help(where);

    explain_wrap(out, "  >>> ", "      ", "%s %s %s, hit %u%s%s%s", what, sides[point->side], where,
                 point->hit, help != NULL ? " (" : "", help != NULL ? help : "",
                 help != NULL ? ")" : "");
}

/* From `details` on every call. */
static void tell_span(FILE *out, const fsim_trace_t *trace, struct fsim_span span, size_t details)
{
    for (size_t i = span.first; i < span.end; i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        if (event->kind == FSIM_EV_STEP && i < details) {
            size_t next = end_of_step(trace, i, details);

            tell_old_step(out, trace, i, next);
            i = next - 1;
        } else if (event->kind == FSIM_EV_STEP) {
            explain_wrap(out, "  ", "    ", "step %" PRIu64 ": %s", event->number,
                         fsim_trace_string(trace, event->name));
        } else if (event->kind == FSIM_EV_MARK) {
            tell_mark(out, trace, event->number);
        } else if (i >= details) {
            i = tell_event(out, trace, i, span.end);
        }
    }
}

static void tell_recoveries(FILE *out, const struct fsim_violation *violation)
{
    const fsim_trace_t *trace = violation->trace;
    const struct fsim_span *spans;

    (void)fsim_cursor_history(violation->cursor, &spans);
    for (size_t i = 0; i < violation->earlier_count; i++) {
        const struct fsim_crash *crash = &violation->earlier[i];

        tell_crash(out, trace, crash->point, crash->killed ? "the process dies" : "power fails");
        tell_span(out, trace, spans[i + 1], 0);
    }
}

char *explain_timeline(const struct fsim_violation *violation,
                       const struct fsim_reduction *reduction)
{
    const fsim_trace_t *trace = violation->trace;
    struct fsim_span workload = workload_of(violation);
    size_t details = start_of_details(violation, reduction), bytes;
    char *text = NULL;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return NULL;
    if (details > workload.end)
        details = workload.end;
    workload.first = first_told(trace, details);
    if (workload.first > 0)
        tell_folded(out, trace, workload.first);
    tell_span(out, trace, workload, details);
    tell_recoveries(out, violation);
    tell_crash(out, trace, violation->point,
               fsim_cursor_model(violation->cursor) == FSIM_PROCESS_KILL ? "the process is killed"
                                                                         : "power fails");
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

char *explain_recording(const fsim_trace_t *trace, const char *end)
{
    struct fsim_span workload = {.end = fsim_trace_events(trace)};
    size_t details = workload.end, bytes;
    char *text = NULL;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return NULL;
    while (details > 0 &&
           (details == workload.end || fsim_trace_event(trace, details)->kind != FSIM_EV_STEP))
        details--;
    workload.first = first_told(trace, details);
    if (workload.first > 0)
        tell_folded(out, trace, workload.first);
    tell_span(out, trace, workload, details);
    explain_wrap(out, "  >>> ", "      ", "%s", end);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
