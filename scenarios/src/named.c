/* SPDX-License-Identifier: MIT */
#include "named.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* What was changed before a sync of all of a file began is durable when it ends well. */
static void note_sync(size_t *changed, const fsim_trace_t *trace, const struct fsim_event *end)
{
    const struct fsim_event *begin = fsim_trace_event(trace, end->number);

    if (end->value == 0 && begin->value == 0 && changed[begin->file] <= end->number)
        changed[begin->file] = 0;
}

int named_check_trace(const fsim_trace_t *trace, char *message, size_t message_bytes)
{
    /* By file: the last event that changed it, from 1; 0: none, or a sync has followed. */
    size_t *changed = calloc(fsim_trace_files(trace) + 1, sizeof *changed);
    int result = changed == NULL ? -ENOMEM : 0;
    size_t i = 0;

    /* What is there before the first step has been there for ever. */
    while (i < fsim_trace_events(trace) && fsim_trace_event(trace, i)->kind != FSIM_EV_STEP)
        i++;
    for (; result == 0 && i < fsim_trace_events(trace); i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        if (event->kind == FSIM_EV_WRITE || event->kind == FSIM_EV_LENGTH)
            changed[event->file] = i + 1;
        else if (event->kind == FSIM_EV_SYNC_END)
            note_sync(changed, trace, event);
        else if (event->kind == FSIM_EV_NAME && event->file != FSIM_NO_FILE)
            result = changed[event->file] > 0;
        if (result > 0)
            snprintf(message, message_bytes, "'%s' got its name before all of it was durable",
                     fsim_trace_string(trace, event->name));
    }
    free(changed);
    return result;
}
