/* SPDX-License-Identifier: MIT */
#include "store_story.h"

#include <faultsim/reduce.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings/keep.h"
#include "findings/verdict.h"
#include "output/text.h"

enum { TIMELINE_LINES = 24, SHRINK_MS = 2000 };

/* The label that the workload gave to a state, or what recovery said. */
static const char *state_name(const struct fsim_violation *violation)
{
    const fsim_trace_t *trace = violation->trace;
    const struct fsim_outcome *outcome = violation->outcome;

    for (size_t i = fsim_trace_marks(trace); i-- > 0;) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, i);
        if (outcome->status == FSIM_RECOVERED && fsim_digest_equal(mark->state, outcome->state))
            return fsim_trace_string(trace, mark->label);
    }
    return outcome->message[0] ? outcome->message
           : outcome->status == FSIM_RECOVERED
               ? "a state that never was"
               : fsim_status_name((enum fsim_status)outcome->status);
}

static const char *file_name(const fsim_trace_t *trace, uint32_t file)
{
    const char *name = "a file without a name";

    for (size_t i = 0; i < fsim_trace_events(trace); i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);
        if (event->kind == FSIM_EV_NAME && event->file == file)
            name = fsim_trace_string(trace, event->name);
    }
    return name;
}

static void tell_item(FILE *out, const struct fsim_violation *violation,
                      const struct fsim_item *item, uint64_t value)
{
    const uint64_t *values;
    size_t count = fsim_cursor_values(violation->cursor, *item, &values), version = 0;

    while (version + 1 < count && values[version] != value)
        version++;
    if (item->kind == FSIM_ITEM_NAME)
        fprintf(out, "  the name %s", fsim_trace_string(violation->trace, item->file));
    else if (item->kind == FSIM_ITEM_LENGTH)
        fprintf(out, "  the length of %s", file_name(violation->trace, item->file));
    else
        fprintf(out, "  block %llu of %s", (unsigned long long)item->number,
                file_name(violation->trace, item->file));
    if (version == 0)
        fprintf(out, ": as last written\n");
    else
        fprintf(out, ": %zu version%s older\n", version, version == 1 ? "" : "s");
}

static void tell_timeline(FILE *out, const struct fsim_violation *violation)
{
    const fsim_trace_t *trace = violation->trace;
    const size_t end = violation->point->events;
    size_t first = end > TIMELINE_LINES ? end - TIMELINE_LINES : 0;
    char line[160];

    if (violation->legal_count > 0) {
        size_t since = fsim_trace_mark(trace, violation->legal[0])->event;
        first = since > first ? since : first;
    }
    for (size_t i = first; i < end; i++) {
        fsim_trace_describe(trace, i, line, sizeof line);
        fprintf(out, "  %s\n", line);
    }
}

/* What makes the difference, if that is known; else all that is not durable. */
static void tell_items(FILE *out, const struct fsim_violation *violation,
                       const struct fsim_reduction *reduction)
{
    if (reduction && reduction->base != FSIM_BASE_NONE) {
        fprintf(out, "It would be legal if %s. What is not so:\n", fsim_base_help(reduction->base));
        for (size_t i = 0; i < reduction->difference_count; i++)
            tell_item(out, violation, &reduction->differences[i].item,
                      reduction->differences[i].value);
        return;
    }
    fprintf(out, "What was not durable, of what recovery looked at:\n");
    for (size_t i = 0; i < violation->item_count; i++)
        if (violation->candidates[i] > 1)
            tell_item(out, violation, &violation->items[i], violation->values[i]);
}

/* When a name became what it is in this crash state, and when it ceased to be that before the
 * crash, as numbers of calls: a rename changes two names at once. SIZE_MAX: never. */
struct span {
    size_t made, ended;
};

static struct span span_of(const struct fsim_violation *violation, const struct fsim_item *item,
                           uint64_t value)
{
    struct span span = {SIZE_MAX, SIZE_MAX};
    size_t call = 0;

    for (size_t i = 0; i < violation->point->events; i++) {
        const struct fsim_event *event = fsim_trace_event(violation->trace, i);
        if (event->kind == FSIM_EV_CALL)
            call = i;
        if (event->kind != FSIM_EV_NAME || event->name != item->file)
            continue;
        if (event->file == value)
            span = (struct span){call, SIZE_MAX};
        else if (span.ended == SIZE_MAX)
            span.ended = call;
    }
    return span;
}

static bool blames_names(const struct fsim_reduction *reduction)
{
    for (size_t i = 0; reduction && i < reduction->difference_count; i++)
        if (reduction->differences[i].item.kind == FSIM_ITEM_NAME)
            return true;
    return false;
}

/* No model keeps names in order, but many a disk does. */
static void tell_of_order(FILE *out, const struct fsim_violation *violation)
{
    size_t first_lost = SIZE_MAX, last_kept = 0;

    for (size_t i = 0; i < violation->item_count; i++) {
        if (violation->items[i].kind != FSIM_ITEM_NAME)
            continue;
        struct span span = span_of(violation, &violation->items[i], violation->values[i]);
        if (span.ended < first_lost)
            first_lost = span.ended;
        if (span.made != SIZE_MAX && span.made > last_kept)
            last_kept = span.made;
    }
    if (first_lost < last_kept)
        fprintf(out, "An older change of a name is lost here, and a newer one is not. File systems "
                     "with a journal keep that order, the model does not: see docs/stores.md.\n");
}

/* Its files as a directory of the verdict's name, for the user's own tools. */
static void export_files(const struct fsim_violation *violation, enum fsim_model model,
                         const char *directory)
{
    void *image;
    size_t bytes;
    char *path = need_format("%s/%s-%s", directory, fsim_model_name(model),
                             fsim_verdict_name(violation->verdict));
    int error = fsim_image_pack(violation, &image, &bytes);

    if (error < 0)
        complain("--export: %s: %s", path, strerror(-error));
    else
        keep_in_directory("--export", image, bytes, path);
    if (error == 0)
        free(image);
    free(path);
}

char *store_story(const struct fsim_violation *found, enum fsim_model model, const char *export_to)
{
    struct fsim_reduction *reduction = NULL;
    if (fsim_reduce(found, SHRINK_MS, &reduction) != 0)
        reduction = NULL;
    const struct fsim_violation *violation = reduction ? &reduction->violation : found;
    const fsim_trace_t *trace = violation->trace;
    char *story = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&story, &bytes));

    fprintf(out, "Power fails %s %s, hit %u (crash point %u). Recovery finds: %s. Legal:",
            verdict_side(violation->point), fsim_trace_string(trace, violation->point->where),
            violation->point->hit, violation->point->index, state_name(violation));
    for (size_t i = 0; i < violation->legal_count; i++)
        fprintf(out, "%s %s", i > 0 ? "," : "",
                fsim_trace_string(trace, fsim_trace_mark(trace, violation->legal[i])->label));
    fprintf(out, "%s.\n", violation->legal_count > 0 ? "" : " nothing yet");
    tell_items(out, violation, reduction);
    if (blames_names(reduction))
        tell_of_order(out, violation);
    fprintf(out, "The last events before:\n");
    tell_timeline(out, violation);
    fclose(out);
    if (export_to)
        export_files(violation, model, export_to);
    fsim_reduction_free(reduction);
    return need(story);
}
