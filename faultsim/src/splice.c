/* SPDX-License-Identifier: MIT */
#include "splice.h"

#include <errno.h>

struct splicing {
    fsim_trace_t *to;
    const fsim_trace_t *from;
    uint32_t *files;
    size_t first, begin; /* the first event there and here */
};

static uint32_t string_of(const struct splicing *splicing, uint32_t string)
{
    return string == 0
               ? 0
               : fsim_trace_add_string(splicing->to, fsim_trace_string(splicing->from, string));
}

static uint32_t file_of(const struct splicing *splicing, uint32_t file)
{
    if (file != FSIM_NO_FILE && splicing->files[file] == FSIM_NO_FILE)
        splicing->files[file] = fsim_trace_add_file(splicing->to);
    return file == FSIM_NO_FILE ? FSIM_NO_FILE : splicing->files[file];
}

/* The last mark of a state that says more than the state itself, or NULL. */
static const struct fsim_mark *telling_mark(const fsim_trace_t *trace, struct fsim_digest state)
{
    for (size_t i = fsim_trace_marks(trace); i-- > 0;) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, i);
        if (mark->payload_bytes > 0 && fsim_digest_equal(mark->state, state))
            return mark;
    }
    return NULL;
}

static void add_mark(const struct splicing *splicing, const struct fsim_mark *mark)
{
    const fsim_trace_t *of = splicing->from;
    const struct fsim_mark *told =
        mark->payload_bytes == 0 ? telling_mark(splicing->to, mark->state) : NULL;
    if (told != NULL)
        of = splicing->to;
    else
        told = mark;
    fsim_trace_add_mark(splicing->to, (enum fsim_mark_kind)mark->kind,
                        fsim_trace_string(of, told->label), mark->state,
                        fsim_trace_payload(of, told), told->payload_bytes);
}

static void add_event(const struct splicing *splicing, const struct fsim_event *event)
{
    struct fsim_event added = *event;
    added.file = file_of(splicing, event->file);
    added.name = string_of(splicing, event->name);
    if (event->kind == FSIM_EV_WRITE)
        added.value =
            fsim_trace_add_content(splicing->to, fsim_trace_content(splicing->from, event->value));
    if (event->kind == FSIM_EV_SYNC_END)
        added.number = event->number - splicing->first + splicing->begin;
    fsim_trace_add_event(splicing->to, &added);
}

int splice_trace(fsim_trace_t *to, const fsim_trace_t *from, size_t first, uint32_t *files,
                 struct fsim_span *span)
{
    struct splicing splicing = {
        .to = to, .from = from, .files = files, .first = first, .begin = fsim_trace_events(to)};
    for (size_t i = first; i < fsim_trace_events(from); i++) {
        const struct fsim_event *event = fsim_trace_event(from, i);
        if (event->kind == FSIM_EV_MARK)
            add_mark(&splicing, fsim_trace_mark(from, event->number));
        else
            add_event(&splicing, event);
    }
    *span = (struct fsim_span){splicing.begin, fsim_trace_events(to)};
    return fsim_trace_full(to) ? -ENOSPC : 0;
}
