/* SPDX-License-Identifier: MIT */
/* What of a trace decides which crash states there are and which of them are legal. */
#include "trace_tables.h"

#include <string.h>
#include <xxhash.h>

/* What an event adds: fixed fields, and the identity of what it names. */
struct essence {
    uint32_t kind, file;
    uint64_t number, value;
    struct fsim_digest named;
};

static struct fsim_digest digest_of_text(const char *text)
{
    XXH128_hash_t hash = XXH3_128bits(text, strlen(text));

    return (struct fsim_digest){hash.low64, hash.high64};
}

static struct essence essence_of(const fsim_trace_t *trace, const struct fsim_event *event)
{
    struct essence essence = {.kind = event->kind, .file = event->file};
    const struct fsim_mark *mark;

    switch (event->kind) {
    case FSIM_EV_WRITE:
        essence.number = event->number;
        essence.named = fsim_trace_content_digest(trace, event->value);
        break;
    case FSIM_EV_LENGTH:
    case FSIM_EV_SYNC_BEGIN:
        essence.number = event->number;
        essence.value = event->value;
        break;
    case FSIM_EV_SYNC_END: /* why a sync failed makes no difference to what it left */
        essence.number = event->number;
        essence.value = event->value != 0;
        break;
    case FSIM_EV_NAME:
    case FSIM_EV_CALL:
    case FSIM_EV_POINT:
        essence.named = digest_of_text(fsim_trace_string(trace, event->name));
        break;
    case FSIM_EV_MARK:
        mark = fsim_trace_mark(trace, event->number);
        essence.value = mark->kind;
        essence.named = mark->state;
        break;
    default:
        break;
    }
    return essence;
}

struct fsim_digest fsim_trace_digest(const fsim_trace_t *trace)
{
    XXH128_hash_t hash = {0, 0};

    for (size_t i = 0; i < fsim_trace_events(trace); i++) {
        struct essence essence = essence_of(trace, fsim_trace_event(trace, i));
        XXH128_hash_t both[2] = {hash, XXH3_128bits(&essence, sizeof(essence))};
        hash = XXH3_128bits(both, sizeof(both));
    }
    return (struct fsim_digest){hash.low64, hash.high64};
}
