/* SPDX-License-Identifier: MIT */
#include "named.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* By file id: what was done to a file so far. */
struct history {
    size_t changed; /* the last event that changed it, from 1; 0: none, or a sync has followed */
    bool named;
};

/* What was changed before a sync of all of a file began is durable when it ends well. */
static void note_sync(struct history *files, const fsim_trace_t *trace,
                      const struct fsim_event *end)
{
    const struct fsim_event *begin = fsim_trace_event(trace, end->number);
    struct history *file = &files[begin->file];

    if (end->value == 0 && begin->value == 0 && file->changed <= end->number)
        file->changed = 0;
}

static bool comes_too_early(struct history *files, const struct fsim_event *name)
{
    struct history *file = &files[name->file];
    const bool first = name->file != FSIM_NO_FILE && !file->named;

    file->named = true;
    return first && file->changed > 0;
}

int named_check_trace(const fsim_trace_t *trace, char *message, size_t message_bytes)
{
    struct history *files = calloc(fsim_trace_files(trace) + 1, sizeof *files);
    int result = files == NULL ? -ENOMEM : 0;
    size_t i = 0;

    /* What is there before the first step has been there for ever. */
    while (i < fsim_trace_events(trace) && fsim_trace_event(trace, i)->kind != FSIM_EV_STEP)
        i++;
    for (; result == 0 && i < fsim_trace_events(trace); i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        if (event->kind == FSIM_EV_WRITE || event->kind == FSIM_EV_LENGTH)
            files[event->file].changed = i + 1;
        else if (event->kind == FSIM_EV_SYNC_END)
            note_sync(files, trace, event);
        else if (event->kind == FSIM_EV_NAME && comes_too_early(files, event))
            result = 1;
        if (result > 0)
            snprintf(message, message_bytes, "'%s' got its name before all of it was durable",
                     fsim_trace_string(trace, event->name));
    }
    free(files);
    return result;
}
