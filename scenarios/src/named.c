/* SPDX-License-Identifier: MIT */
#include "named.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was changed before a sync of all of a file began is durable when it ends well. */
static void note_sync(size_t *changed, const fsim_trace_t *trace, const struct fsim_event *end)
{
    const struct fsim_event *begin = fsim_trace_event(trace, end->number);

    if (end->value == 0 && begin->value == 0 && changed[begin->file] <= end->number)
        changed[begin->file] = 0;
}

/* The name given last, until it is durable or gone. */
struct given {
    uint32_t name;
    size_t event; /* from 1; 0: none */
};

static void note_name(struct given *given, const fsim_trace_t *trace, const char *arena_file,
                      size_t index)
{
    const struct fsim_event *event = fsim_trace_event(trace, index);
    const char *name = fsim_trace_string(trace, event->name);

    if (event->file != FSIM_NO_FILE && strncmp(name, arena_file, strlen(arena_file)) != 0)
        *given = (struct given){event->name, index + 1};
    else if (event->name == given->name)
        *given = (struct given){0};
}

/* A name is durable when a sync of the directory that began after it ends well. */
static void note_directory_sync(struct given *given, const struct fsim_event *end)
{
    if (end->value == 0 && end->file == FSIM_NO_FILE && given->event <= end->number)
        *given = (struct given){0};
}

int named_check_trace(const fsim_trace_t *trace, const char *arena_file, char *message,
                      size_t message_bytes)
{
    /* By file: the last event that changed it, from 1; 0: none, or a sync has followed. */
    size_t *changed = calloc(fsim_trace_files(trace) + 1, sizeof *changed);
    struct given given = {0};
    int result = changed == NULL ? -ENOMEM : 0;
    size_t i = 0;

    /* What is there before the first step has been there for ever. */
    while (i < fsim_trace_events(trace) && fsim_trace_event(trace, i)->kind != FSIM_EV_STEP)
        i++;
    for (; result == 0 && i < fsim_trace_events(trace); i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        if (event->kind == FSIM_EV_WRITE || event->kind == FSIM_EV_LENGTH)
            changed[event->file] = i + 1;
        else if (event->kind == FSIM_EV_SYNC_END && event->file != FSIM_NO_FILE)
            note_sync(changed, trace, event);
        else if (event->kind == FSIM_EV_SYNC_END)
            note_directory_sync(&given, event);
        else if (event->kind == FSIM_EV_NAME)
            note_name(&given, trace, arena_file, i);
        else if (event->kind == FSIM_EV_KILL)
            given = (struct given){0};
        if (event->kind == FSIM_EV_NAME && event->file != FSIM_NO_FILE &&
            changed[event->file] > 0) {
            snprintf(message, message_bytes, "'%s' got its name before all of it was durable",
                     fsim_trace_string(trace, event->name));
            result = 1;
        } else if (event->kind == FSIM_EV_STEP && given.event > 0) {
            snprintf(message, message_bytes, "the name '%s' was never made durable",
                     fsim_trace_string(trace, given.name));
            result = 1;
        }
    }
    free(changed);
    return result;
}
