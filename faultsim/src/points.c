/* SPDX-License-Identifier: MIT */
/*
 * The crash points of a trace.
 *
 * The trace falls into groups: a fault point with the call that it stands in front of, or a call
 * that has none. A group ends where the next one starts. There is a point
 *
 *   before the group,
 *   inside its call: after each change and each begin and end of a sync but the last,
 *   after its call, and again after each store and each mark that follows: a mark changes what is
 *   legal.
 *
 * What comes before the first group says what there is to begin with, and is no place for a crash.
 */
#include "points.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct point_list {
    struct fsim_crash_point *points;
    size_t count, capacity;
};

static int add_point(struct point_list *list, struct fsim_crash_point point)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        struct fsim_crash_point *points = realloc(list->points, capacity * sizeof *points);
        if (points == NULL)
            return -ENOMEM;
        list->points = points;
        list->capacity = capacity;
    }
    point.index = (uint32_t)list->count;
    list->points[list->count++] = point;
    return 0;
}

/* How often each call was made so far, by string id. */
struct call_counts {
    uint32_t *counts;
    size_t capacity;
};

static int count_call(struct call_counts *calls, uint32_t name, uint32_t *nth)
{
    if (name >= calls->capacity) {
        size_t capacity = (size_t)name * 2 + 64;
        uint32_t *counts = realloc(calls->counts, capacity * sizeof *counts);
        if (counts == NULL)
            return -ENOMEM;
        memset(counts + calls->capacity, 0, (capacity - calls->capacity) * sizeof *counts);
        calls->counts = counts;
        calls->capacity = capacity;
    }
    *nth = ++calls->counts[name];
    return 0;
}

static bool starts_group(const fsim_trace_t *trace, struct fsim_span span, size_t index)
{
    uint32_t kind = fsim_trace_event(trace, index)->kind;
    if (kind == FSIM_EV_POINT)
        return true;
    return kind == FSIM_EV_CALL &&
           (index == span.first || fsim_trace_event(trace, index - 1)->kind != FSIM_EV_POINT);
}

static bool changes_file(uint32_t kind)
{
    return kind == FSIM_EV_WRITE || kind == FSIM_EV_LENGTH || kind == FSIM_EV_NAME;
}

/* Whether the instant right after such an event differs from the one before it. */
static bool matters(uint32_t kind)
{
    return changes_file(kind) || kind == FSIM_EV_SYNC_BEGIN || kind == FSIM_EV_SYNC_END ||
           kind == FSIM_EV_MARK;
}

/*
 * The last event of the call of the group that starts at `start`; `next` is where another group
 * starts. What lies between them happened after the call: marks, steps, and stores that were seen
 * when the next call sampled the mappings.
 */
static size_t last_of_call(const fsim_trace_t *trace, struct fsim_span span, size_t start,
                           size_t *next)
{
    size_t last = start, end = start + 1;
    bool over = false;
    for (; end < span.end && !starts_group(trace, span, end); end++) {
        uint32_t kind = fsim_trace_event(trace, end)->kind;
        bool synced = fsim_trace_event(trace, end - 1)->kind == FSIM_EV_SYNC_END;
        over = over || kind == FSIM_EV_MARK || kind == FSIM_EV_STEP || kind == FSIM_EV_KILL ||
               (synced && changes_file(kind));
        if (!over)
            last = end;
    }
    *next = end;
    return last;
}

static int add_group(const fsim_trace_t *trace, struct fsim_span span, size_t start,
                     struct fsim_crash_point *at, struct point_list *list, size_t *next)
{
    size_t last = last_of_call(trace, span, start, next);
    at->side = FSIM_BEFORE;
    at->events = (uint32_t)start;
    int error = add_point(list, *at);
    for (size_t i = start; error == 0 && i < *next; i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);
        if (event->kind == FSIM_EV_STEP)
            at->step = (uint32_t)event->number;
        at->events = (uint32_t)i + 1;
        at->side = i < last ? FSIM_INSIDE : FSIM_AFTER;
        if (i == last || matters(event->kind))
            error = add_point(list, *at);
    }
    return error;
}

int points_in(fsim_trace_t *trace, struct fsim_span span, struct fsim_crash_point **points,
              size_t *count)
{
    struct point_list list = {0};
    struct call_counts calls = {0};
    struct fsim_crash_point at = {0};
    size_t index = span.first;
    int error = 0;

    for (; index < span.end && !starts_group(trace, span, index); index++) {
        const struct fsim_event *event = fsim_trace_event(trace, index);
        if (event->kind == FSIM_EV_STEP)
            at.step = (uint32_t)event->number;
    }
    while (error == 0 && index < span.end) {
        const struct fsim_event *event = fsim_trace_event(trace, index);
        at.where = event->name;
        if (event->kind == FSIM_EV_POINT)
            at.hit = (uint32_t)event->number;
        else
            error = count_call(&calls, event->name, &at.hit);
        if (error == 0)
            error = add_group(trace, span, index, &at, &list, &index);
    }
    if (error == 0 && list.count == 0) {
        at.where = fsim_trace_add_string(trace, "start");
        at.events = (uint32_t)span.end;
        error = add_point(&list, at);
    }
    free(calls.counts);
    if (error < 0) {
        free(list.points);
        return error;
    }
    *points = list.points;
    *count = list.count;
    return 0;
}

int fsim_crash_points(fsim_trace_t *trace, struct fsim_crash_point **points, size_t *count)
{
    return points_in(trace, (struct fsim_span){0, fsim_trace_events(trace)}, points, count);
}
