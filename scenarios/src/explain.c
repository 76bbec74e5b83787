/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "evidence.h"
#include "explain_items.h"
#include "explain_text.h"

enum { MOST_PAGES = 10 };

/* When a mark was made: "in step 6". Valid until the next call. */
static const char *when(const struct fsim_violation *violation, size_t mark)
{
    static char text[40];
    const char *name;
    const struct fsim_span *spans;
    size_t event = (size_t)fsim_trace_mark(violation->trace, mark)->event;
    uint64_t step = account_step(violation->trace, event, &name);

    (void)fsim_cursor_history(violation->cursor, &spans);
    if (event >= spans[0].end)
        return "after a crash before this one";
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

        if (fsim_cursor_applied(violation->cursor, mark->event) &&
            fsim_digest_equal(mark->state, state))
            return i;
    }
    return count;
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

        if (explain_is_start(trace, mark))
            explain_wrap(out, "", "", "There was no arena yet, and nothing was promised.");
        else if (fsim_trace_mark(trace, mark)->kind == FSIM_MARK_ACK)
            explain_wrap(out, "", "", "Success had been reported for %s, %s.",
                         explain_label(trace, mark), when(violation, mark));
        else
            explain_wrap(
                out, "", "",
                "An attempt to make %s durable had begun %s, so that state would have been right "
                "as well.",
                explain_label(trace, mark), when(violation, mark));
    }
}

static void explain_recovered(FILE *out, const struct fsim_violation *violation)
{
    const struct fsim_outcome *outcome = violation->outcome;
    size_t mark = mark_of(violation, outcome->state);
    size_t standby = mark_of(violation, outcome->standby);

    switch (violation->verdict) {
    case FSIM_V_REFUSED:
        explain_wrap(out, "", "", "The arena would not open: %s.", outcome->message);
        return;
    case FSIM_V_NOT_ALIVE:
        explain_wrap(out, "", "", "The arena opened, but cannot be worked with: %s.",
                     outcome->message);
        return;
    case FSIM_V_CRASHED:
        explain_wrap(out, "", "", "Opening what the crash left killed the process (%s).",
                     outcome->message[0] != '\0' ? outcome->message : strsignal(outcome->code));
        return;
    case FSIM_V_HUNG:
        explain_wrap(out, "", "", "Opening what the crash left did not end in time.");
        return;
    case FSIM_V_UNSTABLE:
        explain_wrap(out, "", "", "Opening the same files twice gave two results.");
        return;
    default:
        break;
    }
    if (fsim_digest_equal(outcome->state, FSIM_ABSENT))
        explain_wrap(out, "", "", "After the crash there was no arena at all.");
    else if (is_known(violation, mark))
        explain_wrap(out, "", "", "The arena came back as %s, made %s.",
                     explain_label(violation->trace, mark), when(violation, mark));
    else
        explain_wrap(out, "", "", "The arena came back in a state that never was.");
    if (violation->verdict == FSIM_V_STANDBY && !is_known(violation, standby))
        explain_wrap(
            out, "", "",
            "That is right, but the older snapshot, which the other meta page still names, is "
            "not whole any more: the arena would be lost with the newer meta page.");
    if (violation->verdict == FSIM_V_INVARIANT)
        explain_wrap(out, "", "", "That is right, but the file is not sound: %s.",
                     violation->finding);
}

/* ---- page by page ---- */

/* One part that is not as it should be; `wanted` or `found` is NULL if there is none. */
static void tell_difference(FILE *out, const fsim_trace_t *trace, const struct state_part *wanted,
                            const struct state_entry *found)
{
    char name[64], origin[ACCOUNT_TEXT], right[ACCOUNT_TEXT];

    state_entry_name(found != NULL ? found : &wanted->is, name, sizeof name);
    name[0] = (char)toupper((unsigned char)name[0]);
    if (wanted == NULL) {
        explain_wrap(out, "  ", "    ", "%s is allocated, but should not be.", name);
        return;
    }
    if (wanted->step == 0)
        snprintf(right, sizeof right, "zeros");
    else
        account_origin(trace, &wanted->is, right, sizeof right);
    if (found == NULL) {
        explain_wrap(out, "  ", "    ", "%s, which should hold %s, is missing.", name, right);
    } else {
        account_origin(trace, found, origin, sizeof origin);
        explain_wrap(out, "  ", "    ", "%s should hold %s; it holds %s.", name, right, origin);
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
        if (fsim_digest_equal(fsim_trace_mark(violation->trace, violation->legal[i])->state,
                              violation->outcome->state))
            return violation->legal[i];
        differences = compare_parts(NULL, violation->trace, state, view);
        if (differences <= fewest) { /* of two the later one */
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
        explain_wrap(out, "", "", "Page by page it is like %s; root words or event number differ.",
                     explain_label(violation->trace, mark));
    } else if (differences > 0) {
        fputc('\n', out);
        explain_wrap(out, "", "", "Beside %s:", explain_label(violation->trace, mark));
        compare_parts(out, violation->trace, state, &view);
        if (differences > MOST_PAGES)
            fprintf(out, "  ... and %zu more.\n", differences - MOST_PAGES);
    }
}

char *explain_violation(const struct fsim_violation *violation,
                        const struct fsim_reduction *reduction)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return NULL;
    explain_legal(out, violation);
    explain_recovered(out, violation);
    explain_pages(out, violation);
    explain_items(out, violation, reduction);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
