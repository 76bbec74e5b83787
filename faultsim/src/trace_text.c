/* SPDX-License-Identifier: MIT */
/* Events as lines of text. */
#include "trace_tables.h"

#include <faultsim/plan.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const actions[] = {
    [FSIM_ACTION_NONE] = "",
    [FSIM_ACTION_ERROR] = ", fails by plan",
    [FSIM_ACTION_SKIP] = ", skipped by plan",
    [FSIM_ACTION_EVICT] = ", dirty pages written back by plan",
    [FSIM_ACTION_CRASH] = ", the recording ends by plan",
    [FSIM_ACTION_SHORT] = ", cut short by plan",
};

static const char *action_text(uint64_t action)
{
    return action < sizeof(actions) / sizeof(actions[0]) ? actions[action] : "";
}

static int describe_sync(const fsim_trace_t *trace, const struct fsim_event *event,
                         const char *file, char *text, size_t bytes)
{
    if (event->file == FSIM_NO_FILE)
        return snprintf(text, bytes, "sync of the directory begins");
    if (event->number == FSIM_SYNC_LENGTH)
        return snprintf(text, bytes, "sync of the length of %s begins", file);
    if (event->value == 0)
        return snprintf(text, bytes, "sync of %s begins", file);
    if (event->value == 1)
        return snprintf(text, bytes, "sync of %s block %" PRIu64 " begins", file, event->number);
    return snprintf(text, bytes, "sync of %s blocks %" PRIu64 "-%" PRIu64 " begins", file,
                    event->number, event->number + event->value - 1);
}

int fsim_trace_describe(const fsim_trace_t *trace, size_t index, char *text, size_t bytes)
{
    const struct fsim_event *event = fsim_trace_event(trace, index);
    const char *name = fsim_trace_string(trace, event->name);
    const char *file = trace_file_name(trace, event->file, index);
    const struct fsim_mark *mark;
    char unnamed[32];

    if (event->file != FSIM_NO_FILE && file[0] == '\0') {
        snprintf(unnamed, sizeof(unnamed), "unnamed file %" PRIu32, event->file);
        file = unnamed;
    }
    switch (event->kind) {
    case FSIM_EV_WRITE:
        return snprintf(text, bytes, "write %s block %" PRIu64 "%s", file, event->number,
                        event->value == FSIM_ZEROS ? " (zeros)" : "");
    case FSIM_EV_LENGTH:
        return snprintf(text, bytes, "length of %s is %" PRIu64 " bytes", file, event->value);
    case FSIM_EV_NAME:
        if (event->file == FSIM_NO_FILE)
            return snprintf(text, bytes, "name %s is gone", name);
        return snprintf(text, bytes, "name %s is file %" PRIu32, name, event->file);
    case FSIM_EV_SYNC_BEGIN:
        return describe_sync(trace, event, file, text, bytes);
    case FSIM_EV_SYNC_END:
        if (event->value == 0)
            return snprintf(text, bytes, "sync done");
        return snprintf(text, bytes, "sync failed: %s", strerrordesc_np((int)event->value));
    case FSIM_EV_CALL:
        return snprintf(text, bytes, "%s%s%s%s%s%s", name, file[0] ? " " : "", file,
                        action_text(event->value), event->number ? ": " : "",
                        event->number ? strerrordesc_np((int)event->number) : "");
    case FSIM_EV_POINT:
        return snprintf(text, bytes, "fault point %s, hit %" PRIu64 "%s", name, event->number,
                        action_text(event->value));
    case FSIM_EV_STEP:
        return snprintf(text, bytes, "step %" PRIu64 ": %s", event->number, name);
    case FSIM_EV_MARK:
        mark = fsim_trace_mark(trace, event->number);
        return snprintf(text, bytes, "%s: %s",
                        mark->kind == FSIM_MARK_ACK ? "acknowledged" : "attempt begins",
                        fsim_trace_string(trace, mark->label));
    case FSIM_EV_KILL:
        return snprintf(text, bytes, "the process is killed, a new one goes on");
    }
    return snprintf(text, bytes, "event of unknown kind %" PRIu32, event->kind);
}
