/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "evidence.h"
#include "words.h"

enum { WIDTH = 76, MOST_PAGES = 10, MOST_BLOCKS = 16, MOST_OLD_LINES = 24 };

/* Prints text in lines of at most WIDTH columns; from the second on they start with `indent`. */
static void __attribute__((format(printf, 4, 5)))
wrap(FILE *out, const char *first, const char *indent, const char *format, ...)
{
    char text[1024];
    size_t column = strlen(first);
    bool line_begins = true;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fputs(first, out);
    for (const char *word = text; *word != '\0'; word += strspn(word, " ")) {
        size_t length = strcspn(word, " ");

        if (!line_begins && column + 1 + length > WIDTH) {
            fprintf(out, "\n%s", indent);
            column = strlen(indent);
        } else if (!line_begins) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)length, word);
        column += length;
        line_begins = false;
        word += length;
    }
    fputc('\n', out);
}

static const char *label_of(const fsim_trace_t *trace, size_t mark)
{
    return fsim_trace_string(trace, fsim_trace_mark(trace, mark)->label);
}

/* When a mark was made: "in step 6". Valid until the next call. */
static const char *when(const fsim_trace_t *trace, size_t mark)
{
    static char text[40];
    const char *name;
    uint64_t step = account_step(trace, fsim_trace_mark(trace, mark)->event, &name);

    if (step == 0)
        return "before the first step";
    snprintf(text, sizeof text, "in step %" PRIu64, step);
    return text;
}

/* The last mark of this state before the crash, or the number of marks. */
static size_t mark_of(const struct fsim_violation *violation, struct fsim_digest state)
{
    size_t count = fsim_trace_marks(violation->trace);

    for (size_t i = count; i-- > 0;) {
        const struct fsim_mark *mark = fsim_trace_mark(violation->trace, i);

        if (mark->event < violation->point->events && fsim_digest_equal(mark->state, state))
            return i;
    }
    return count;
}

/* The mark of a recording that begins without an arena. */
static bool is_start(const fsim_trace_t *trace, size_t mark)
{
    return fsim_digest_equal(fsim_trace_mark(trace, mark)->state, FSIM_ABSENT);
}

static bool is_known(const struct fsim_violation *violation, size_t mark)
{
    return mark < fsim_trace_marks(violation->trace);
}

/* ---- what came back ---- */

static void explain_legal(FILE *out, const struct fsim_violation *violation)
{
    const fsim_trace_t *trace = violation->trace;

    for (size_t i = 0; i < violation->legal_count; i++) {
        size_t mark = violation->legal[i];

        if (is_start(trace, mark))
            wrap(out, "", "", "There was no arena yet, and nothing was promised.");
        else if (fsim_trace_mark(trace, mark)->kind == FSIM_MARK_ACK)
            wrap(out, "", "", "Success had been reported for %s, %s.", label_of(trace, mark),
                 when(trace, mark));
        else
            wrap(out, "", "",
                 "An attempt to make %s durable had begun %s, so that state would have been right "
                 "as well.",
                 label_of(trace, mark), when(trace, mark));
    }
}

static void explain_recovered(FILE *out, const struct fsim_violation *violation)
{
    const struct fsim_outcome *outcome = violation->outcome;
    size_t mark = mark_of(violation, outcome->state);
    size_t standby = mark_of(violation, outcome->standby);

    switch (violation->verdict) {
    case FSIM_V_REFUSED:
        wrap(out, "", "", "The arena would not open: %s.", outcome->message);
        return;
    case FSIM_V_NOT_ALIVE:
        wrap(out, "", "", "The arena opened, but cannot be worked with: %s.", outcome->message);
        return;
    case FSIM_V_CRASHED:
        wrap(out, "", "", "Opening what the crash left killed the process (%s).",
             outcome->message[0] != '\0' ? outcome->message : strsignal(outcome->code));
        return;
    case FSIM_V_HUNG:
        wrap(out, "", "", "Opening what the crash left did not end in time.");
        return;
    case FSIM_V_UNSTABLE:
        wrap(out, "", "", "Opening the same files twice gave two results.");
        return;
    default:
        break;
    }
    if (fsim_digest_equal(outcome->state, FSIM_ABSENT))
        wrap(out, "", "", "After the crash there was no arena at all.");
    else if (is_known(violation, mark))
        wrap(out, "", "", "The arena came back as %s, made %s.", label_of(violation->trace, mark),
             when(violation->trace, mark));
    else
        wrap(out, "", "", "The arena came back in a state that never was.");
    if (violation->verdict == FSIM_V_STANDBY && !is_known(violation, standby))
        wrap(out, "", "",
             "That is right, but the older snapshot, which the other meta page still names, is "
             "not whole any more: the arena would be lost with the newer meta page.");
    if (violation->verdict == FSIM_V_INVARIANT)
        wrap(out, "", "", "That is right, but the file is not sound: %s.", violation->finding);
}

/* ---- page by page ---- */

/* One part that is not as it should be; `wanted` or `found` is NULL if there is none. */
static void tell_difference(FILE *out, const fsim_trace_t *trace, const struct state_part *wanted,
                            const struct state_entry *found)
{
    char name[64], origin[ACCOUNT_TEXT];

    state_entry_name(found != NULL ? found : &wanted->is, name, sizeof name);
    name[0] = (char)toupper((unsigned char)name[0]);
    if (wanted == NULL) {
        wrap(out, "  ", "    ", "%s is allocated, but should not be.", name);
    } else if (found == NULL) {
        wrap(out, "  ", "    ", "%s, written in step %" PRIu64 ", is missing.", name, wanted->step);
    } else {
        account_origin(trace, found, origin, sizeof origin);
        if (wanted->step == 0)
            wrap(out, "  ", "    ", "%s should hold zeros; it holds %s.", name, origin);
        else
            wrap(out, "  ", "    ", "%s should hold what step %" PRIu64 " wrote; it holds %s.",
                 name, wanted->step, origin);
    }
}

/* Prints up to MOST_PAGES differences; returns how many there are. `out` NULL only counts. */
static size_t compare_parts(FILE *out, const fsim_trace_t *trace,
                            const struct state_description *state, const struct evidence_view *view)
{
    const struct state_part *wanted = state_parts(state);
    size_t count = view->header.part_count, differences = 0, i = 0, k = 0;

    while (i < count || k < state->part_count) {
        struct state_entry part = i < count ? evidence_part(view, i) : (struct state_entry){0};
        int order = i == count               ? 1
                    : k == state->part_count ? -1
                                             : state_entry_order(&part, &wanted[k].is);

        if (order != 0 || part.bytes != wanted[k].is.bytes ||
            !fsim_digest_equal(part.digest, wanted[k].is.digest)) {
            if (out != NULL && differences < MOST_PAGES)
                tell_difference(out, trace, order < 0 ? NULL : &wanted[k],
                                order > 0 ? NULL : &part);
            differences++;
        }
        i += order <= 0;
        k += order >= 0;
    }
    return differences;
}

/* The legal state that what came back is nearest to. */
static size_t nearest_legal(const struct fsim_violation *violation,
                            const struct evidence_view *view)
{
    size_t nearest = fsim_trace_marks(violation->trace), fewest = SIZE_MAX;

    for (size_t i = 0; i < violation->legal_count; i++) {
        const struct state_description *state =
            account_state(violation->trace, violation->legal[i]);
        size_t differences;

        if (state == NULL)
            continue;
        differences = compare_parts(NULL, violation->trace, state, view);
        if (differences < fewest) {
            fewest = differences;
            nearest = violation->legal[i];
        }
    }
    return nearest;
}

static void explain_pages(FILE *out, const struct fsim_violation *violation)
{
    const struct state_description *state;
    struct evidence_view view;
    size_t mark, differences;

    /* What could be read before recovery gave up says nothing about what it would have shown. */
    if (violation->outcome->status != FSIM_RECOVERED)
        return;
    if (!evidence_read(violation->evidence, violation->outcome->evidence_bytes, &view))
        return;
    mark = nearest_legal(violation, &view);
    if (!is_known(violation, mark))
        return;
    state = account_state(violation->trace, mark);
    differences = compare_parts(NULL, violation->trace, state, &view);
    if (differences == 0 && !fsim_digest_equal(fsim_trace_mark(violation->trace, mark)->state,
                                               violation->outcome->state)) {
        fputc('\n', out);
        wrap(out, "", "", "Page by page it is like %s; root words or event number differ.",
             label_of(violation->trace, mark));
    } else if (differences > 0) {
        fputc('\n', out);
        wrap(out, "", "", "Beside %s:", label_of(violation->trace, mark));
        compare_parts(out, violation->trace, state, &view);
        if (differences > MOST_PAGES)
            fprintf(out, "  ... and %zu more.\n", differences - MOST_PAGES);
    }
}

/* ---- block by block ---- */

/* One thing of which the crash could leave several versions: what it would be now, what it was. */
static void describe_item(const struct fsim_violation *violation, size_t index, uint64_t latest,
                          char *now, char *was, size_t bytes)
{
    const fsim_trace_t *trace = violation->trace;
    const struct fsim_item *item = &violation->items[index];
    uint64_t left = violation->values[index];
    char role[ACCOUNT_TEXT];

    switch (item->kind) {
    case FSIM_ITEM_BLOCK:
        account_role(trace, latest, role, sizeof role);
        snprintf(now, bytes, "block %" PRIu64 " (%s)", item->number, role);
        account_role(trace, left, was, bytes);
        break;
    case FSIM_ITEM_LENGTH:
        snprintf(now, bytes, "the length of the file, %" PRIu64 " blocks",
                 latest / FSIM_BLOCK_SIZE);
        snprintf(was, bytes, "%" PRIu64 " blocks", left / FSIM_BLOCK_SIZE);
        break;
    default:
        if (latest == FSIM_NO_FILE)
            snprintf(now, bytes, "the removal of the name %s",
                     fsim_trace_string(trace, item->file));
        else
            snprintf(now, bytes, "the name %s", fsim_trace_string(trace, item->file));
        snprintf(was, bytes, "%s",
                 left == FSIM_NO_FILE ? "no file of that name" : "another file of that name");
        break;
    }
}

static uint64_t latest_value(const struct fsim_violation *violation, size_t index)
{
    const uint64_t *values;
    size_t count = fsim_cursor_values(violation->cursor, violation->items[index], &values);

    return count > 0 ? values[0] : violation->values[index];
}

static bool was_lost(const struct fsim_violation *violation, size_t index)
{
    return violation->candidates[index] > 1 &&
           violation->values[index] != latest_value(violation, index);
}

static void explain_lost(FILE *out, const struct fsim_violation *violation, size_t index)
{
    const fsim_trace_t *trace = violation->trace;
    const struct fsim_item *item = &violation->items[index];
    uint64_t latest = latest_value(violation, index);
    size_t end = violation->point->events;
    size_t write = account_write(trace, end, item->kind, item->file, item->number, latest);
    char now[2 * ACCOUNT_TEXT], was[2 * ACCOUNT_TEXT], writer[2 * ACCOUNT_TEXT];

    describe_item(violation, index, latest, now, was, sizeof now);
    snprintf(writer, sizeof writer, "from before the recording");
    if (write < end)
        account_writer(trace, write, writer, sizeof writer);
    wrap(out, "  Lost: ", "    ", "%s, changed %s; no sync of it had ended. The disk had %s.", now,
         writer, was);
}

/* A block that came to the disk may have taken what was there before with it. */
static void explain_kept(FILE *out, const struct fsim_violation *violation, size_t index)
{
    const struct fsim_item item = violation->items[index];
    char now[2 * ACCOUNT_TEXT], was[2 * ACCOUNT_TEXT];
    const uint64_t *values;
    size_t count = fsim_cursor_values(violation->cursor, item, &values);

    describe_item(violation, index, latest_value(violation, index), now, was, sizeof now);
    if (item.kind == FSIM_ITEM_BLOCK && count > 1 && values[count - 1] != FSIM_ZEROS) {
        account_role(violation->trace, values[count - 1], was, sizeof was);
        wrap(out, "  Kept: ", "    ", "%s, written over %s", now, was);
    } else {
        wrap(out, "  Kept: ", "    ", "%s", now);
    }
}

static void explain_items(FILE *out, const struct fsim_violation *violation)
{
    size_t open = 0, told = 0;

    for (size_t i = 0; i < violation->item_count; i++)
        open += violation->candidates[i] > 1;
    fputc('\n', out);
    if (open == 0) {
        wrap(out, "", "",
             "All that recovery looked at was durable: this happens on every disk, at every crash "
             "here.");
        return;
    }
    wrap(out, "", "", "What no sync had made durable, as far as recovery looked at it:");
    for (size_t i = 0; i < violation->item_count; i++)
        if (was_lost(violation, i) && told++ < MOST_BLOCKS)
            explain_lost(out, violation, i);
    for (size_t i = 0; i < violation->item_count; i++)
        if (violation->candidates[i] > 1 && !was_lost(violation, i) && told++ < MOST_BLOCKS)
            explain_kept(out, violation, i);
    if (told > MOST_BLOCKS)
        fprintf(out, "  ... and %zu more\n", told - MOST_BLOCKS);
}

char *explain_violation(const struct fsim_violation *violation)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return NULL;
    explain_legal(out, violation);
    explain_recovered(out, violation);
    explain_pages(out, violation);
    explain_items(out, violation);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* ---- the timeline ---- */

/* Where the last two states before the crash were acknowledged: from the older one on the timeline
 * tells every call, before it only steps and acknowledgements. */
static size_t start_of_details(const struct fsim_violation *violation)
{
    const fsim_trace_t *trace = violation->trace;
    unsigned acknowledged = 0;

    for (size_t i = fsim_trace_marks(trace); i-- > 0;) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, i);

        if (mark->kind == FSIM_MARK_ACK && mark->event < violation->point->events &&
            ++acknowledged == 2)
            return (size_t)mark->event;
    }
    return 0;
}

static bool same_run(const struct fsim_event *a, const struct fsim_event *b, uint64_t distance)
{
    return b->kind == FSIM_EV_WRITE && a->file == b->file && b->number == a->number + distance;
}

/* One write event, with those that continue it on the next blocks; returns the last one's index. */
static size_t tell_writes(FILE *out, const fsim_trace_t *trace, size_t first, size_t end)
{
    const struct fsim_event *event = fsim_trace_event(trace, first);
    char role[ACCOUNT_TEXT], next[ACCOUNT_TEXT], writer[2 * ACCOUNT_TEXT];
    size_t last = first;

    account_role(trace, event->value, role, sizeof role);
    while (last + 1 < end && event->value == FSIM_ZEROS &&
           same_run(event, fsim_trace_event(trace, last + 1), last + 1 - first) &&
           fsim_trace_event(trace, last + 1)->value == FSIM_ZEROS)
        last++;
    account_writer(trace, first, writer, sizeof writer);
    *strstr(writer, " in step") = '\0';
    if (last > first)
        snprintf(next, sizeof next, "s %" PRIu64 "-%" PRIu64, event->number,
                 event->number + (last - first));
    else
        snprintf(next, sizeof next, " %" PRIu64, event->number);
    wrap(out, "    ", "      ", "block%s changed %s: %s", next, writer, role);
    return last;
}

static void tell_sync_end(FILE *out, const fsim_trace_t *trace, const struct fsim_event *event)
{
    if (event->value == 0)
        wrap(out, "    ", "      ", "%s is durable",
             fsim_trace_event(trace, event->number)->file == FSIM_NO_FILE
                 ? "the directory, with its names,"
                 : "what the file held when that sync began");
    else
        wrap(out, "    ", "      ", "the sync failed with %s and made nothing durable",
             words_error_name(-(int)event->value));
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
        wrap(out, "    ", "      ", "the file is %" PRIu64 " blocks long now",
             event->value / FSIM_BLOCK_SIZE);
        break;
    case FSIM_EV_NAME:
        wrap(out, "    ", "      ",
             event->file == FSIM_NO_FILE ? "the name %s is gone" : "the name %s is given", name);
        break;
    case FSIM_EV_SYNC_BEGIN:
        wrap(out, "    ", "      ", "sync of %s begins",
             event->file == FSIM_NO_FILE ? "the directory" : "the file");
        break;
    case FSIM_EV_SYNC_END:
        tell_sync_end(out, trace, event);
        break;
    case FSIM_EV_POINT:
        if (event->value == FSIM_ACTION_ERROR)
            wrap(out, "    ", "      ", "%s fails by plan", name);
        else if (event->value == FSIM_ACTION_SKIP)
            wrap(out, "    ", "      ", "%s is left out by plan, and success claimed", name);
        break;
    case FSIM_EV_KILL:
        wrap(out, "    ", "      ", "the process is killed");
        break;
    default:
        break;
    }
    return index;
}

static void tell_mark(FILE *out, const fsim_trace_t *trace, size_t mark)
{
    if (is_start(trace, mark))
        wrap(out, "    ", "      ", "there is no arena yet");
    else if (fsim_trace_mark(trace, mark)->kind == FSIM_MARK_ACK)
        wrap(out, "    ", "      ", "==> success reported: %s", label_of(trace, mark));
    else
        wrap(out, "    ", "      ", "an attempt begins: %s", label_of(trace, mark));
}

/* Steps and acknowledgements are told of the whole recording, the earliest of many left out. */
static size_t first_told(const fsim_trace_t *trace, size_t details)
{
    size_t lines = 0;

    for (size_t i = details; i-- > 0;) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        if ((event->kind == FSIM_EV_STEP || event->kind == FSIM_EV_MARK) &&
            ++lines == MOST_OLD_LINES)
            return i;
    }
    return 0;
}

static void tell_crash(FILE *out, const struct fsim_violation *violation)
{
    static const char *const sides[] = {
        [FSIM_BEFORE] = "before", [FSIM_AFTER] = "after", [FSIM_INSIDE] = "in the middle of"};
    const char *where = fsim_trace_string(violation->trace, violation->point->where);
    const char *help = words_fault_point_help(where);

    wrap(out, "  >>> ", "      ", "power fails %s %s, hit %u%s%s%s", sides[violation->point->side],
         where, violation->point->hit, help != NULL ? " (" : "", help != NULL ? help : "",
         help != NULL ? ")" : "");
}

char *explain_timeline(const struct fsim_violation *violation)
{
    const fsim_trace_t *trace = violation->trace;
    size_t details = start_of_details(violation), end = violation->point->events, bytes;
    size_t first = first_told(trace, details);
    char *text = NULL;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return NULL;
    if (first > 0)
        fprintf(out, "  ... earlier steps left out ...\n");
    for (size_t i = first; i < end; i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        if (event->kind == FSIM_EV_STEP) {
            wrap(out, "  ", "    ", "step %" PRIu64 ": %s", event->number,
                 fsim_trace_string(trace, event->name));
        } else if (event->kind == FSIM_EV_MARK) {
            tell_mark(out, trace, event->number);
        } else if (i >= details) {
            i = tell_event(out, trace, i, end);
        }
    }
    tell_crash(out, violation);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
